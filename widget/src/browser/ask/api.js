// Offers surveys, and answers the calls of a page that need the widget: `window.parere`.

let answering;
// Surveys that wait for an event: their configuration, and what to call; events so far, for those that come later.
const listening = [];
const past = [];

const EVENT = 6;
/** Most events that are remembered. */
const PAST_MAX = 20;
const DAY_MS = 864e5;

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

/** Finds a slot for a survey that had to wait, and calls `then` with it when that moves nothing in view. */
const take = (slug, then) => {
  const survey = surveyOf(slug);
  if (survey[11] >= OVER) return then();
  const found = page.find([survey]);
  if (found) page.calmly(found[0], () => then(found[0]));
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
  answerTo(api);
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
    const card = draw(slot, height, place, () => sheet(config, looks(slot)), markup, words);
    const said = {
      site: page.site, survey: slug, id: newId(), revision: 1, score: 0, instrument, locale: card.lang,
      page: location.pathname, channel: place.split(" ")[0] || "inline", touchpoint: touchpoint || undefined,
      device: device(), ref: page.ref, subject: page.allowed ? page.subject : undefined, attributes: said_of(attributes),
      inclusion: surveyOf(slug)[4] / 1e3,
    };
    const { site, survey, locale, channel } = said;
    const clicked = tally(host, { site, survey, instrument, locale, channel, touchpoint: said.touchpoint, device: said.device }, during.signal);
    for (const way of ["click", "auxclick"]) card.querySelector("a").addEventListener(way, clicked, { signal: during.signal });
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
  ...calls,
  show(slug) {
    if (host) host.shadowRoot.lastChild.hidden = false;
    calls.show(slug);
  },
  dismiss() {
    dismissed = true;
    if (answering) answering.dismiss();
    // The other half of the widget, once it is here, remembers and tells it, and takes the card away.
    else if (host) host.shadowRoot.lastChild.hidden = true;
  },
  track(event, properties) {
    if (!event || typeof event != "string") return warn("track: expected the name of an event");
    const said = pairs(properties);
    past.push([event, said]);
    past.splice(0, past.length - PAST_MAX);
    for (const [config, fire] of listening) if (is_event(config, event, said)) fire();
  },
  /** Every live survey with what it waits for and its gates: does each let this visit pass, and what did it look at? */
  async explain() {
    const { explain } = await page.half("explain");
    return Promise.all(page.surveys.map(async ([slug]) => explain(slug, facts(""), memory(), await page.configure(slug))));
  },
};
