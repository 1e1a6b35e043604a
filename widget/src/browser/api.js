// What a page may call: `window.parere`. Misuse is told once on the console and never thrown.

// What the loader knows of the page; see www/loader.js.
let page = {};
let dismissed;
let attributes = "";

/** Most attributes, and characters in a name and a value: more would not be taken (shared/src/limit.rs). */
const [COUNT_MAX, NAME_MAX, VALUE_MAX] = [32, 64, 256];

const warn = (text) => console.warn("parere: " + text);

const text = (value) => String(value == null ? "" : value).replaceAll("\0", "");
/** Names and values by turns, each ended by NUL. */
const pairs = (object) =>
  Object.entries(object || {}).slice(0, COUNT_MAX).map(([name, value]) =>
    text(name).slice(0, NAME_MAX) + "\0" + text(value).slice(0, VALUE_MAX) + "\0").join("");

/** What the wasm is told of the page, in the order of widget/src/page.rs. */
const facts = (forced) => [
  page.site, page.base, page.visitor, forced ? 1 : "", screen.width, location.pathname,
  location.pathname + location.search + location.hash, page.ref, page.allowed ? page.subject : "",
  document.documentElement.lang || navigator.language, document.referrer, page.visits, page.views,
].map(text).join("\0") + "\0" + attributes;

/** The loader hands over; what earlier pages left is sent. */
export const begin = (found) => {
  page = found;
  open(facts());
};

/** Offers a survey, in the slot that the loader found for it; says whether a prompt stands. */
export const offer = (config, found, height, forced) => {
  if (dismissed && !forced) return false;
  if (found) [slot, reserved] = [found, height];
  return ask(facts(forced), config);
};

export const api = {
  async show(slug) {
    dismissed = 0;
    if (!page.show(slug)) warn(`show: no live survey called ${slug} fits a place on this page`);
  },
  dismiss() {
    dismissed = 1;
    dismiss();
  },
  identify(who) {
    if (!who || typeof who != "object") return warn("identify: expected {subject, attributes}");
    if (who.subject != null) page.subject = who.subject;
    if (who.attributes) attributes = pairs(who.attributes);
  },
  track(event, properties) {
    if (!event || typeof event != "string") return warn("track: expected the name of an event");
    happen(6, 0, event, pairs(properties));
  },
  consent(word) {
    if (word != "granted" && word != "denied") return warn("consent: expected \"granted\" or \"denied\"");
    if (word == "denied") for (const name of (storage_names("parere." + page.site) || "").split("\n")) storage_remove("parere." + page.site + name);
    page.allowed = word == "granted";
  },
  on(name, tell) {
    if (!/^(shown|answered|dismissed|error)$/.test(name) || typeof tell != "function") return warn("on: expected shown, answered, dismissed or error, and a function");
    document.addEventListener("parere:" + name, (event) => tell(event.detail));
  },
  /** Every live survey with its gates: does each let this visit pass, and what did it look at? */
  explain: () => Promise.all(page.slugs.map(async (survey) => {
    const [, , visitor, , width, , url, , , language, referrer, visits, views, ...said] = facts().split("\0");
    const time = new Date().toISOString();
    const memory = storage_get("parere." + page.site) || "";
    const seen = {
      from: time, until: time, hours: time, url, sample: visitor || memory.split("|")[0], never: memory,
      conditions: { language, width, referrer, visits, views, attributes: said.join(" ").trim() },
    };
    const passed = explain(facts(), await page.configure(survey));
    return { survey, gates: Object.entries(passed).map(([gate, pass]) => ({ gate, pass, seen: seen[gate] ?? memory })) };
  })),
};
