// Offers surveys, and what a page may call: `window.parere`. Misuse is told once on the console and never thrown.

// What the loader knows of the page; see www/loader.js.
let page = {};
let dismissed;
let answering;
let attributes = "";
// Surveys that wait for an event: their configuration, and what to call; events so far, for those that come later.
const listening = [];
const past = [];

/** Most attributes, and characters in a name and a value: more would not be taken (shared/src/limit.rs). */
const [COUNT_MAX, NAME_MAX, VALUE_MAX] = [32, 64, 256];
const EVENT = 6;
/** Most events that are remembered. */
const PAST_MAX = 20;
const DAY_MS = 864e5;

const warn = (line) => console.warn("parere: " + line);
const text = (value) => String(value == null ? "" : value).replaceAll("\0", "");
/** Names and values by turns, each ended by NUL. */
const pairs = (object) =>
  Object.entries(object || {}).slice(0, COUNT_MAX).map(([name, value]) =>
    text(name).slice(0, NAME_MAX) + "\0" + text(value).slice(0, VALUE_MAX) + "\0").join("");

const memory = () => page.storage((kept) => kept.getItem("parere." + page.site)) || "";
/** What the wasm is told of the page, in the order of widget/src/page.rs. */
const facts = (forced) => [
  page.site, page.line[0], forced, screen.width, location.pathname,
  location.pathname + location.search + location.hash, page.ref, page.allowed ? page.subject : "",
  document.documentElement.lang || navigator.language, document.referrer,
  // Another day, another visit.
  page.since && (Date.now() - page.since > DAY_MS ? "returning" : "new"), page.views,
].map(text).join("\0") + "\0" + attributes;

// ——— Offers ———

/** How a survey joins the page, by its number in the tag: 0 and 1 stand in it. */
const OVER = 2;
const surveyOf = (slug) => page.surveys.find(([own]) => own == slug);

/** Finds a slot for a survey that had to wait, and calls `then` with it when that moves nothing in view. */
const take = (slug, then) => {
  const survey = surveyOf(slug);
  if (survey[11] >= OVER) return then();
  const found = page.find([survey]);
  if (found) page.calmly(found[0], () => then(found[0]));
};
/** Asks at once, whatever the rules say; nothing where the survey or its place is not there. */
const show = (slug) => {
  const survey = surveyOf(slug);
  const found = survey && survey[11] < OVER && page.find([survey]);
  if (found) page.ask(found, true);
  else if (survey && survey[11] >= OVER) page.offer(survey, 0, 0, true);
  else return warn(`show: no live survey called ${slug} fits a place on this page`);
};

/** The loader hands over. */
export const begin = (found) => {
  page = Object.assign(found, { build, gone });
  // On Shopify the shop's own consent banner decides, unless the tag has said it.
  const shop = window.Shopify?.customerPrivacy;
  if (shop && !page.consent) {
    page.allowed = shop.preferencesProcessingAllowed?.() !== false;
    document.addEventListener("visitorConsentCollected", ({ detail }) => page.allowed = !!detail?.preferencesAllowed);
  }
  page.ready(api);
  const push = ([name, ...given]) => Object.hasOwn(api, name) ? api[name](...given) : warn(`${name}: there is no such call`);
  const ours = window.parere;
  // A page may have taken the name for something of its own.
  if (Object(ours) !== ours) return;
  if (Array.isArray(ours.q)) ours.q.forEach(push);
  ours.q = { push };
};

/** Offers a survey in its slot, over the page, or later; says whether a prompt stands now. */
export const offer = (slug, config, slot, height, forced, due) => {
  // A prompt that the page has taken away, as when it became another page, makes room.
  if (host && !host.isConnected) gone();
  if (host || dismissed && !forced) return false;
  const about = facts(forced ? 1 : "");
  const [verdict, ...values] = judge(about, memory(), config, !!due, Date.now()).split("\0");
  page.say(`${slug}: ${verdict} ${verdict == "draw" ? "" : values}`);
  if (verdict == "wait") {
    const [on, amount, name] = values;
    const fire = watch(on, +amount, name, () => take(slug, (found) => offer(slug, config, found, 0, forced, true)));
    if (on == EVENT) {
      listening.push([config, fire]);
      if (past.some(([event, properties]) => is_event(config, event, properties))) fire();
    }
  }
  if (verdict != "draw") return false;
  const [place, instrument, touchpoint, markup, ...words] = values;
  try {
    const card = draw(slot, height, place, sheet(config, looks(slot)), markup, words);
    const said = {
      site: page.site, survey: slug, id: newId(), revision: 1, score: 0, instrument, locale: card.lang,
      page: location.pathname, channel: place.split(" ")[0] || "inline", touchpoint: touchpoint || undefined,
      device: screen.width < 600 ? "phone" : screen.width < 1024 ? "tablet" : "desktop",
      ref: page.ref, subject: page.allowed ? page.subject : undefined, attributes: said_of(attributes),
      inclusion: surveyOf(slug)[4] / 1e3,
    };
    attend(card, about, config, said);
  } catch (error) {
    // Another prompt stands in this slot, or the browser knows no constructed stylesheets.
    page.say(error);
    return false;
  }
  return true;
};

// ——— `window.parere`; before the tag is there a page may queue calls in `parere.q` ———

const api = {
  show(slug) {
    dismissed = 0;
    if (host) host.shadowRoot.lastChild.hidden = false;
    show(slug);
  },
  dismiss() {
    dismissed = 1;
    if (answering) answering.dismiss();
    // The other half of the widget, once it is here, remembers and tells it, and takes the card away.
    else if (host) host.shadowRoot.lastChild.hidden = true;
  },
  identify(who) {
    if (!who || typeof who != "object") return warn("identify: expected {subject, attributes}");
    if (who.subject != null) page.subject = who.subject;
    if (who.attributes) attributes = pairs(who.attributes);
  },
  track(event, properties) {
    if (!event || typeof event != "string") return warn("track: expected the name of an event");
    const said = pairs(properties);
    past.push([event, said]);
    past.splice(0, past.length - PAST_MAX);
    for (const [config, fire] of listening) if (is_event(config, event, said)) fire();
  },
  consent(word) {
    if (word != "granted" && word != "denied") return warn('consent: expected "granted" or "denied"');
    const ours = "parere." + page.site;
    if (word == "denied") page.storage((kept) => Object.keys(kept).forEach((key) => (key + ".").startsWith(ours + ".") && kept.removeItem(key)));
    page.allowed = word == "granted";
  },
  on(name, tell) {
    if (!/^(shown|answered|dismissed|error)$/.test(name) || typeof tell != "function") return warn("on: expected shown, answered, dismissed or error, and a function");
    document.addEventListener("parere:" + name, (event) => tell(event.detail));
  },
  /** Every live survey with its gates: does each let this visit pass, and what did it look at? */
  explain: () => Promise.all(page.surveys.map(async ([survey]) => {
    const about = facts("");
    const [, visitor, , width, , url, , , language, referrer, visits, views, ...said] = about.split("\0");
    const time = new Date().toISOString();
    const seen = {
      from: time, until: time, hours: time, url, sample: visitor || memory().split("|")[0],
      conditions: { language, width, referrer, visits, views, attributes: said.join(" ").trim() },
    };
    const lines = gates(about, memory(), await page.configure(survey), Date.now()).trim().split("\n");
    return { survey, gates: lines.map((line) => line.split(" ")).map(([gate, pass]) => ({ gate, pass: pass == 1, seen: seen[gate] ?? memory() })) };
  })),
};
