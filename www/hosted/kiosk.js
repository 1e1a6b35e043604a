// The kiosk: the hosted page without page loads, for one shopper after the other.
//
// A tap on a point stores the score; choices and comment are a later revision of the same answer, as in the widget.
// Answers are kept in the browser until the collector has them, so that a tablet may lose its network.
// After the thanks, or when nobody touches it any more, the question stands there as new.
// Ids come from widget/src/browser/id.js, which joins this at build.

// How long the thanks stand: read twice.
const THANKS_MS = 8_000;
// How long a begun answer waits for its shopper: who stops to think for longer has left.
const IDLE_MS = 30_000;
// Pauses between tries to send, in milliseconds: the first, and the longest.
const PAUSE_MS = 5_000;
const PAUSE_MS_MAX = 60_000;
// Most answers that wait: a busy week without a network, a megabyte of the five that browsers give.
const WAITING_MAX = 2_000;
// What the collector takes at once, with room for the list around the answers.
const BATCH_LEN_MAX = 50;
const BATCH_BYTES_MAX = 60_000;

const KEY = "parere.kiosk.";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const form = document.forms[0];
const [noted, choose, more, thanks] = ["noted", "choose", "more", "thanks"].map(at);
const [choices, comment] = ["choices", "comment"].map(at);
const label = more.querySelector("[for=comment]");

/** @typedef {{from: number, to: number}} Band */
/** @typedef {{question: string, choices: {value: string, label: string}[], many: boolean, comment: boolean}} Question */
/** @type {{answer: object, follow_ups: (Band & Question)[], thanks: (Band & {text: string})[]}} */
const { answer: facts, follow_ups: followUps, thanks: allThanks } = JSON.parse(form.dataset.kiosk);

// ——— What waits to be sent ———

// Where storage is refused, memory does for as long as the page stands.
const memory = new Map();
/**
 * @template T
 * @param {(kept: Storage) => T} use
 * @param {() => T} otherwise
 * @returns {T}
 */
const stored = (use, otherwise) => {
  try {
    return use(localStorage);
  } catch {
    return otherwise();
  }
};
const get = (key) => memory.get(key) ?? stored((kept) => kept.getItem(key), () => null);
const drop = (key) => {
  memory.delete(key);
  stored((kept) => kept.removeItem(key), () => {});
};
// The ids begin with the moment: the oldest comes first.
const waiting = () => {
  const kept = stored((kept) => Object.keys(kept).filter((key) => key.startsWith(KEY)), () => []);
  return [...new Set([...kept, ...memory.keys()])].sort();
};
const keep = (answer) => {
  const key = KEY + answer.id;
  const others = waiting().filter((other) => other !== key);
  others.slice(0, Math.max(0, others.length - WAITING_MAX + 1)).forEach(drop);
  const text = JSON.stringify(answer);
  stored((kept) => kept.setItem(key, text), () => void memory.set(key, text));
};

// ——— Sending ———

let isSending = false;
let pause = PAUSE_MS;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retry;

const batch = () => {
  /** @type {[string, string][]} */
  const taken = [];
  let bytes = 0;
  for (const key of waiting().slice(0, BATCH_LEN_MAX)) {
    const text = get(key);
    if (!text) continue;
    // Four bytes is the longest that a character can be.
    bytes += 4 * text.length;
    if (taken.length && bytes > BATCH_BYTES_MAX) break;
    taken.push([key, text]);
  }
  return taken;
};

// Which answers of the batch need not be sent again. A reply that is not the collector's own settles nothing:
// the sign-in page of a network answers everything with 200.
const settled = async (sent) => {
  const sentAt = new Date().toISOString();
  const body = `[${sent.map(([, text]) => JSON.stringify({ ...JSON.parse(text), sent_at: sentAt })).join()}]`;
  const reply = await fetch("/v1/responses", { method: "POST", body, credentials: "omit" });
  const { results } = await reply.json();
  return sent.filter((_, index) => results[index].status !== "retry");
};

const send = async () => {
  if (isSending) return;
  isSending = true;
  clearTimeout(retry);
  try {
    for (let sent = batch(); sent.length; sent = batch()) {
      const done = await settled(sent);
      // What was changed meanwhile is another revision and still has to go.
      for (const [key, text] of done) if (get(key) === text) drop(key);
      if (done.length < sent.length) throw new Error("later");
      pause = PAUSE_MS;
    }
  } catch {
    retry = setTimeout(send, pause);
    pause = Math.min(2 * pause, PAUSE_MS_MAX);
  }
  isSending = false;
};

// ——— One shopper ———

/** @type {{id: string, revision: number, score?: number, since: string, said: string}} */
let own;
/** What is asked after the score. @type {Question | undefined} */
let asked;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let leaving;

const leave = (afterMs) => {
  clearTimeout(leaving);
  leaving = setTimeout(begin, afterMs);
};

/** @param {Question["choices"][number]} choice @param {boolean} many */
const drawn = ({ value, label }, many) => {
  const [row, words] = [document.createElement("label"), document.createElement("span")];
  const field = document.createElement("input");
  Object.assign(field, { type: many ? "checkbox" : "radio", name: "choice", value });
  words.textContent = label;
  row.append(field, words);
  return row;
};

// What was ticked under another question answers none of this one's; what was written stays.
/** @param {Question | undefined} question nothing is asked without one */
const ask = (question) => {
  asked = question;
  const legend = choices.querySelector("legend");
  legend.textContent = label.textContent = question?.question ?? "";
  comment.setAttribute("aria-label", label.textContent);
  choices.replaceChildren(legend, ...(question?.choices ?? []).map((choice) => drawn(choice, !!question?.many)));
  choices.hidden = !question?.choices.length;
  label.hidden = !choices.hidden;
  comment.hidden = question?.comment === false;
};

const begin = () => {
  clearTimeout(leaving);
  own = { id: newId(), revision: 0, since: "", said: "" };
  form.reset();
  // Fields that the server filled would be reset to what it filled in.
  for (const point of form.querySelectorAll("input:checked")) /** @type {HTMLInputElement} */ (point).checked = false;
  comment.value = "";
  ask(undefined);
  for (const part of [noted, choose, more, thanks]) part.hidden = true;
  form.hidden = false;
  /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
  scrollTo(0, 0);
};

const ticked = () => {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (choices.querySelectorAll("input:checked"));
  return Array.from(fields, (field) => field.value);
};
// A question without room for a comment hides what was written under another.
const written = () => (comment.hidden ? "" : comment.value.trim());

const said = (score) => JSON.stringify([score, ticked(), written()]);

const store = (score) => {
  own.revision += 1;
  own.score = score;
  own.since ||= new Date().toISOString();
  own.said = said(score);
  const [chosen, text] = [ticked(), written()];
  keep({
    ...facts, id: own.id, revision: own.revision, score, ...(chosen.length && { choices: chosen }),
    ...(text && { comment: text }), occurred_at: own.since,
  });
  send();
};

/**
 * @template {Band} T
 * @param {T[]} bands
 * @param {number} score
 */
const of = (bands, score) => bands.find(({ from, to }) => from <= score && score <= to);

const thank = (score) => {
  form.hidden = true;
  thanks.firstElementChild.textContent = of(allThanks, score)?.text ?? "";
  thanks.hidden = false;
  thanks.focus();
  leave(THANKS_MS);
};

const chosen = () => {
  const point = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=score]:checked"));
  return point && Number(point.value);
};

const pick = (score) => {
  if (score === own.score) return;
  const question = of(followUps, score);
  if (question !== asked) ask(question);
  store(score);
  choose.hidden = true;
  if (!question) return thank(score);
  more.hidden = noted.hidden = false;
};

// A finger chooses by one tap; the arrow keys walk over the points, and who uses them presses Send.
form.addEventListener("click", (event) => {
  const point = /** @type {HTMLInputElement} */ (event.target);
  if (point.name === "score" && event.detail > 0) pick(Number(point.value));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const score = chosen();
  if (score === null) {
    choose.hidden = false;
    /** @type {HTMLElement} */ (form.elements.namedItem("score")?.[0])?.focus();
  } else if (own.revision === 0) {
    pick(score);
    (choices.querySelector("input") ?? comment).focus();
  } else {
    if (said(score) !== own.said) store(score);
    thank(score);
  }
});

for (const kind of ["pointerdown", "keydown", "input"]) {
  addEventListener(kind, () => {
    if (!form.hidden) leave(IDLE_MS);
  });
}
// A page that comes back from the browser's memory shows what was there.
addEventListener("pageshow", (event) => {
  if (event.persisted) begin();
});
addEventListener("online", send);

begin();
send();

export {};
