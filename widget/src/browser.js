// Joins wasm-bindgen's glue at build time (collector/build.rs): what the widget asks of the browser.
//
// dom.rs, memory.rs and transport.rs declare these functions; a page can make any of them fail, and here is where
// that ends. In JavaScript because each of these lines takes a fifth of the bytes that the same calls take from wasm.

// ——— Storage: blocked or full, nothing is kept and nothing fails ———

const storage = (use) => {
  try {
    return use(localStorage);
  } catch {}
};
const storage_get = (key) => storage((kept) => kept.getItem(key));
const storage_set = (key, value) => storage((kept) => kept.setItem(key, value));
const storage_remove = (key) => storage((kept) => kept.removeItem(key));
/** The ends of all keys that begin with `prefix`, one a line. */
const storage_names = (prefix) =>
  storage((kept) => Object.keys(kept).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)).join("\n"));

// ——— Network ———

/** As JSON; what stands in `value` and not what some `toJSON` of the page makes of it. */
const json = (value) => JSON.stringify(value, function (name) {
  return this[name];
});

/** Posts and calls `settle` once, later; status 0 where nothing came back. */
const post = async (url, body, name) => {
  let status = 0;
  let wait;
  try {
    // A string is text/plain by itself: a simple request, no preflight.
    const reply = await fetch(url, { method: "POST", body, credentials: "omit", keepalive: true });
    status = reply.status;
    wait = reply.headers.get("Retry-After");
  } catch {
    // A page's own `fetch` may throw at once, while the widget is still busy.
    await 0;
  }
  settle(name, status, wait);
};
/** Hands over what the browser sends while the page goes away; nothing comes back. */
const beacon = (url, body) => {
  try {
    navigator.sendBeacon(url, body);
  } catch {}
};

// ——— The card ———

/** Without `value` the attribute goes; `text` stands for what is in the element. */
const write = (node, name, value) => {
  if (name == "text") node.textContent = value;
  else if (value == null) node.removeAttribute(name);
  else node.setAttribute(name, value);
};
const put = (card, selector, name, value) => write(card.querySelector(selector), name, value);

let sight;

/**
 * Draws a card into the shadow root of `host` and calls `seen` when half of it is in view;
 * `undefined` where that cannot be.
 *
 * A line of `markup` is `tag|attribute=value|…`, indented by one blank for each level;
 * `$` stands for the next of the `words`, which are separated by NUL.
 * A card that is higher than the `reserved` CSS pixels is drawn tight.
 */
const draw = (host, css, markup, words, reserved) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const open = [root];
    words = words.split("\0");
    for (const line of markup.split("\n")) {
      const depth = line.search(/\w/);
      const [tag, ...attributes] = line.slice(depth).split("|");
      const node = document.createElementNS(`http://www.w3.org/${/svg|path/.test(tag) ? "2000/svg" : "1999/xhtml"}`, tag);
      for (const attribute of attributes) {
        const [name, value] = attribute.split("=");
        write(node, name, value == "$" ? words.shift() : value);
      }
      open[depth].append(node);
      open[depth + 1] = node;
    }
    const card = open[1];
    if (reserved && host.offsetHeight > reserved) card.className = "tight";
    if (sight) sight.disconnect();
    sight = new IntersectionObserver((entries) => entries.pop().isIntersecting && seen(), { threshold: 0.5 });
    sight.observe(host);
    return card;
  } catch {}
};

/** What surrounds `host`, one a line: colour, font, its size, and the nearest background that hides what is behind. */
const looks = ({ parentElement: around }) => {
  if (!around) return "";
  const { color, fontFamily, fontSize } = getComputedStyle(around);
  let surface;
  do surface = getComputedStyle(around).backgroundColor;
  while (/, 0\)$/.test(surface) && (around = around.parentElement));
  return [color, fontFamily, fontSize, around ? surface : "canvas"].join("\n");
};

/** What an event on the card is about, one a line: part, key, whether the focus stays on the scale, and the value. */
const heard = (event) => {
  const { type, target, key, relatedTarget } = event;
  // What is typed here is no shortcut of the page; Tab and Escape may be for what surrounds the prompt.
  if (/key|input/.test(type) && !/^(Tab|Escape)$/.test(key)) event.stopPropagation();
  return [target.closest("[part]").part, key, relatedTarget && relatedTarget.closest("[part=scale]") && 1, target.value].join("\n");
};

/** The comment, as long as its field is shown: after that it has been sent. */
const written = (card) => card.querySelector("[hidden] textarea") ? "" : card.querySelector("textarea").value;
const focus = (card, selector) => card.querySelector(selector).focus();
const stands = (host) => host.isConnected;
const release = (host) => host.style.removeProperty("min-height");

// Both later: a page may call the widget from its listener, and a host that has left the page is not heard.
const tell = (host, name, detail) =>
  queueMicrotask(() => host.dispatchEvent(new CustomEvent("parere:" + name, { bubbles: true, composed: true, detail })));
const close = (host) => {
  sight.disconnect();
  queueMicrotask(() => host.remove());
};
