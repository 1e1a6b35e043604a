// What a page may call, as far as it is the same wherever the question stands: joins the widget's first half and the
// frame that stands in for it (collector/build). Misuse is told once on the console and never thrown.

// What the loader knows of the page; see www/loader.js.
/** @type {any} */
let page = {};
/** Has the page sent the prompt away? Then nothing else is asked on it. */
let dismissed = false;
/** What the page said of the shopper. */
let attributes = "";

/** How a survey joins the page, by its number in the tag: 0 and 1 stand in it. */
const OVER = 2;
/** Most attributes, and characters in a name and a value: more would not be taken (shared/src/limit.rs). */
const [COUNT_MAX, NAME_MAX, VALUE_MAX] = [32, 64, 256];

const warn = (/** @type {unknown} */ line) => console.warn("parere: " + line);
const surveyOf = (/** @type {string} */ slug) => page.surveys.find(([own]) => own == slug);
const text = (/** @type {unknown} */ value) => String(value == null ? "" : value).replaceAll("\0", "");
/** Names and values by turns, each ended by NUL. */
const pairs = (/** @type {object} */ object) =>
  Object.entries(object || {}).slice(0, COUNT_MAX).map(([name, value]) =>
    text(name).slice(0, NAME_MAX) + "\0" + text(value).slice(0, VALUE_MAX) + "\0").join("");

const calls = {
  /** Asks at once, whatever the rules say; nothing where the survey or its place is not there. */
  show(slug) {
    dismissed = false;
    const survey = surveyOf(slug);
    if (survey && survey[11] >= OVER) return page.offer(survey, 0, 0, true);
    const found = survey && page.find([survey]);
    if (!found) return warn(`show: no live survey called ${slug} fits a place on this page`);
    page.ask(found, true);
  },
  identify(who) {
    if (!who || typeof who != "object") return warn("identify: expected {subject, attributes}");
    if (who.subject != null) page.subject = who.subject;
    if (who.attributes) attributes = pairs(who.attributes);
  },
  consent(word) {
    if (word != "granted" && word != "denied") return warn('consent: expected "granted" or "denied"');
    const ours = "parere." + page.site;
    if (word == "denied") page.storage((kept) => Object.keys(kept).forEach((key) => (key + ".").startsWith(ours + ".") && kept.removeItem(key)));
    page.allowed = word == "granted";
  },
  on(name, tell) {
    if (!/^(shown|answered|dismissed|error)$/.test(name) || typeof tell != "function") return warn("on: expected shown, answered, dismissed or error, and a function");
    document.addEventListener("parere:" + name, (event) => tell(/** @type {CustomEvent} */ (event).detail));
  },
};

/** Shows a merchant why there is a question on this page, or why there is none (overlay.js). */
const wonder = (explain) => location.hash == "#parere-debug" &&
  page.half("explain").then((part) => part.overlay(page, explain)).catch(page.fail);

/** From now on `api` hears the page: what waited for it, what stands in `parere.q`, and what will be pushed there. */
const answerTo = (api) => {
  page.ready(api);
  wonder(api.explain);
  addEventListener("hashchange", () => wonder(api.explain));
  const push = (call) => {
    try {
      const [name, ...given] = call;
      if (Object.hasOwn(api, name)) api[name](...given);
      else warn(`${name}: there is no such call`);
    } catch (error) {
      warn(error);
    }
  };
  const ours = /** @type {any} */ (window).parere;
  // A page may have taken the name for something of its own.
  if (Object(ours) !== ours) return;
  if (Array.isArray(ours.q)) ours.q.forEach(push);
  ours.q = { push };
};
