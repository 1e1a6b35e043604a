// Where a policy or the browser refuses wasm: the hosted page in a frame, in the slot that the widget would have had.
//
// The loader takes this for both halves of the widget: the same calls (widget/src/browser/calls.js joins it at build),
// no wasm. What only the widget can tell — whether something has happened, who fits a condition, where over the page
// there is room — is not asked here; neither is anything where frames are refused, too.

/** @type {{slot: HTMLElement, frame: HTMLIFrameElement, hear: (said: {parere: string, height?: number, title?: string}) => void, end: () => void}} */
let standing;

/** Most surveys remembered, as in shared/src/memory.rs. */
const SEEN_MAX = 50;
/** The moments in a field of the memory. */
const [SHOWN, ANSWERED, DISMISSED] = [0, 1, 2];
/** How long a frame that has loaded may stay silent: a page of ours speaks while it loads, another never does. */
const SILENCE_MS = 3_000;

const origin = () => new URL(page.base).origin;

// ——— What is remembered ———

/** @param {string} slug @param {number} moment */
const note = (slug, moment) => page.storage((/** @type {Storage} */ kept) => {
  const key = "parere." + page.site;
  const [visitor, ...fields] = (kept.getItem(key) || page.line[0] || "").split("|");
  const own = fields.find((field) => field.startsWith(slug + " ")) || slug + " 0 0 0";
  const times = own.split(" ").slice(1);
  times[moment] = String(Math.floor(Date.now() / 1000));
  const others = fields.filter((field) => field !== own).slice(1 - SEEN_MAX);
  kept.setItem(key, [visitor, ...others, [slug, ...times].join(" ")].join("|"));
});

// ——— The frame ———

/** @param {string} slug */
const address = (slug) => {
  const url = new URL(`${page.base}/s/${page.site}/${slug}`);
  const fields = {
    via: "inline", page: location.pathname, lang: page.lang || document.documentElement.lang, ref: page.ref,
    subject: page.allowed && page.subject,
  };
  for (const [name, value] of Object.entries(fields)) if (value) url.searchParams.set(name, value);
  return url.href;
};

/** Light letters stand on something dark. @param {HTMLElement} slot */
const scheme = (slot) => {
  const { color } = getComputedStyle(slot);
  const [red, green, blue] = (color.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)/) || []).slice(1).map(Number);
  return red + green + blue > 384 ? "dark" : "light";
};

/** @param {HTMLElement} slot @param {number} height @param {string} src */
const build = (slot, height, src) => {
  const frame = document.createElement("iframe");
  // Not to be seen before it has spoken: a browser may draw a page of its own in it.
  frame.style.cssText = `display:block;opacity:0;border:0;width:100%;height:${height}px;color-scheme:${scheme(slot)}`;
  frame.name = String(Math.min(40, Math.max(14, parseFloat(getComputedStyle(slot).fontSize))));
  frame.allow = "";
  frame.src = src;
  return frame;
};

/** @param {string} slug @param {HTMLElement} slot @param {number} height */
const stand = (slug, slot, height) => {
  const frame = build(slot, height, address(slug));
  const tell = (/** @type {string} */ name) =>
    slot.dispatchEvent(new CustomEvent("parere:" + name, { bubbles: true, composed: true, detail: { survey: slug } }));
  let [asked, answered, growing, wanted] = [false, false, false, height];
  /** @type {ReturnType<typeof setTimeout>} */
  let silence;
  /** @type {ReturnType<typeof tally> | undefined} */
  let clicked;

  const sight = new IntersectionObserver((entries) => {
    if (!entries.pop().isIntersecting) return;
    sight.disconnect();
    note(slug, SHOWN);
    tell("shown");
  }, { threshold: 0.5 });
  const listened = new AbortController();
  const { signal } = listened;
  const end = () => {
    listened.abort();
    sight.disconnect();
    clearTimeout(silence);
    frame.remove();
    standing = undefined;
    page.calmly(slot, () => slot.remove());
  };
  const refuse = (/** @type {string} */ why) => {
    end();
    page.fail(Error(why));
  };
  const hear = (/** @type {{parere: string, height?: number, title?: string}} */ { parere: word, height: tall, title }) => {
    clearTimeout(silence);
    if (word === "clicked") return clicked?.({});
    if (word === "ended") return refuse(`${slug}: not asked any more`);
    if (word === "dismissed") {
      if (!answered) {
        note(slug, DISMISSED);
        tell("dismissed");
      }
      return end();
    }
    if (!asked) {
      sight.observe(frame);
      clicked = tally(slot, { site: page.site, survey: slug, channel: "inline", device: device() }, signal);
    }
    if (word === "answered" && !answered) {
      answered = true;
      note(slug, ANSWERED);
      tell("answered");
    }
    asked = true;
    frame.title = String(title);
    frame.style.opacity = "1";
    wanted = tall;
    if (growing || !(wanted > frame.offsetHeight)) return;
    // Until then it scrolls.
    growing = true;
    page.calmly(slot, () => {
      growing = false;
      frame.style.height = Math.max(wanted, frame.offsetHeight) + "px";
    });
  };
  addEventListener("message", ({ source, origin: from, data }) => {
    if (source && source === frame.contentWindow && from === origin() && data) hear(data);
  }, { signal });
  document.addEventListener("securitypolicyviolation", ({ disposition, effectiveDirective, blockedURI }) => {
    if (disposition === "enforce" && effectiveDirective === "frame-src" && blockedURI.startsWith(origin()))
      refuse(`the page's policy allows neither: add 'wasm-unsafe-eval' to script-src, or ${origin()} to frame-src`);
  }, { signal });
  frame.addEventListener("load", () => {
    if (!asked) silence = setTimeout(() => refuse(`the frame stays silent: is ${location.origin} an origin of the site?`), SILENCE_MS);
  }, { signal });
  onTheme(slot, signal, () => frame.style.setProperty("color-scheme", scheme(slot)));
  standing = { slot, frame, hear, end };
  slot.attachShadow({ mode: "open" }).append(frame);
};

// ——— What the loader calls, as of the widget's halves ———

export default () => {};

/** The loader hands over; it does so once for each half.
 * @param {any} found */
export const begin = (found) => {
  if (page === found) return;
  page = found;
  answerTo(api);
};

/** Asks in the slot; says whether the frame stands now.
 * @param {string} slug @param {Uint8Array} _config @param {HTMLElement} slot @param {number} height @param {boolean} forced */
export const offer = (slug, _config, slot, height, forced) => {
  if (standing && !standing.slot.isConnected) standing.end();
  if (standing || dismissed && !forced) return false;
  const survey = surveyOf(slug);
  if (!slot || survey[12] && !forced) {
    (forced ? warn : page.say)(`${slug}: no, for only wasm can tell when and where`);
    return false;
  }
  // Another prompt stands in this slot.
  if (slot.shadowRoot) return false;
  page.say(`${slug}: in a frame`);
  stand(slug, slot, height);
  return true;
};

export const overlay = reveal;

// ——— `window.parere` ———

const api = {
  ...calls,
  dismiss() {
    dismissed = true;
    if (standing) standing.hear({ parere: "dismissed" });
  },
  track() {},
  explain: async () => [],
};
