// The card in its shadow root, as dom.rs declares it.

// The slot that the loader found and the height it keeps free there, in CSS pixels; then the element that is asked in.
let slot;
let reserved;
let host;
let sight;
// What had the focus before the card took it.
let before;

/** Without `value` the attribute goes; `text` stands for what is in the element. */
const write = (node, name, value) => {
  if (name == "text") node.textContent = value;
  else if (value == null) node.removeAttribute(name);
  else node.setAttribute(name, value);
};
const put = (card, selector, name, value) => write(card.querySelector(selector), name, value);

/**
 * Builds elements in `parent`, in place of what was there, and returns the last one of the top level.
 *
 * A line of `markup` is `tag|attribute=value|…`, indented by one blank for each level;
 * `$` stands for the next of the `words`, which are separated by NUL.
 */
const build = (parent, markup, words) => {
  const open = [parent];
  words = words.split("\0");
  parent.replaceChildren();
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
  return open[1];
};
const fill = (card, selector, markup, words) => build(card.querySelector(selector), markup, words);

/** Draws a card into the slot, or over the page at `place`; calls `seen` when half of it is in view. */
const draw = (place, css, markup, words) => {
  try {
    host = place ? document.createElement("parere-survey") : slot;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const card = build(root, markup, words);
    if (place) hover(host, place, card.dir);
    else if (reserved && host.offsetHeight > reserved) card.classList.add("tight");
    sight = new IntersectionObserver((entries) => entries.pop().isIntersecting && seen(), { threshold: 0.5 });
    sight.observe(host);
    before = null;
    return card;
  } catch (error) {
    say(error);
    host = null;
  }
};

/** What surrounds the slot, one a line: colour, font, its size, and the nearest background that hides what is behind. */
const looks = (isOver) => {
  let around = isOver ? document.body : slot && slot.parentElement;
  if (!around) return "";
  const { color, fontFamily, fontSize } = getComputedStyle(around);
  let surface;
  do surface = getComputedStyle(around).backgroundColor;
  while (/, 0\)$/.test(surface) && (around = around.parentElement));
  return [color, fontFamily, fontSize, around ? surface : "canvas"].join("\n");
};

/** What an event on the card is about, one a line: part, key, whether the focus stays on the scale, and the value. */
const heard = ({ type, target, key, relatedTarget }) => {
  if (type == "focusin" && !before) before = relatedTarget || document.body;
  return [target.closest("[part]").part, key, relatedTarget && relatedTarget.closest("[part=scale]") && 1, target.value].join("\n");
};

const written = (card) => (card.querySelector("textarea") || {}).value || "";
/** Values of what is ticked under the follow-up question, one a line. */
const ticked = (card) => [...card.querySelectorAll("[name=choice]:checked")].map((choice) => choice.value).join("\n");
const focus = (card, selector) => card.querySelector(selector).focus();
const fold = (card, folded) => {
  card.classList.toggle("folded", folded);
  focus(card, folded ? "[part=tab]" : "input");
};
const release = () => host.style.removeProperty("min-height");

// Both later: a page may call the widget from its listener, and a host that has left the page is not heard.
const tell = (name, detail) => {
  const at = host;
  queueMicrotask(() => at.dispatchEvent(new CustomEvent("parere:" + name, { bubbles: true, composed: true, detail })));
};
const close = () => {
  const gone = host;
  sight.disconnect();
  land();
  host = slot = null;
  queueMicrotask(() => {
    const had = document.activeElement == gone;
    gone.remove();
    if (had && before && before.focus) before.focus({ preventScroll: true });
  });
};
