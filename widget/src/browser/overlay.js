// The merchant's overlay: why a question stands on this page, or why none does. It opens while the page's address ends
// in #parere-debug, and joins what explains and the frame (collector/build): shoppers never download it.

/** Its stylesheet, overlay.css, which the build puts here. */
const STYLE = "__PARERE_OVERLAY__";
/** How long the collector may take to answer before it is said that it does not. */
const ANSWER_MS = 5_000;

/** @type {HTMLElement | undefined} what it stands in */
let stage;

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} inside
 */
const node = (name, attributes, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

/** A line that says whether something is as it should be; `undefined` where that is not the question. */
const line = (/** @type {string} */ says, /** @type {boolean | undefined} */ isGood = undefined) => {
  const mark = isGood === undefined ? "·" : isGood ? "✓" : "✕";
  const spoken = isGood === undefined ? "" : isGood ? "Passes. " : "Refuses. ";
  const item = node("li", { class: isGood === undefined ? "" : isGood ? "yes" : "no", "data-mark": mark }, says);
  if (spoken) item.setAttribute("aria-label", spoken + says);
  return item;
};

// ——— What the page is like ———

/** Does the collector answer, and to this page? */
const collector = async (/** @type {any} */ page) => {
  try {
    const reply = await fetch(`${page.base}/v1/${page.site}.json`, { credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
    return line(`The collector at ${page.base} answers${reply.ok ? "" : ` with ${reply.status}`}.`, reply.ok);
  } catch (error) {
    return line(`The collector at ${page.base} does not answer (${error}); does the page’s policy have it in connect-src?`, false);
  }
};

const assembly = () => {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    return line("WebAssembly is allowed: the widget asks.", true);
  } catch {
    return line("WebAssembly is refused here, by the page’s policy ('wasm-unsafe-eval' in script-src) or the browser: the hosted page asks in a frame, and only in the page.", false);
  }
};

const consent = (/** @type {any} */ page) => {
  const by = page.consent ? `data-consent says ${page.consent}` :
    /** @type {any} */ (navigator).globalPrivacyControl ? "the browser sends Global Privacy Control" : "nobody has said otherwise";
  return page.allowed ? line(`Consent: something may be kept in this browser; ${by}.`, true)
    : line(`Consent: nothing is kept in this browser, so nobody is left alone for having answered; ${page.consent ? by : "the page or its banner says no, the browser sends Global Privacy Control, or the site waits for a yes"}.`);
};

const storage = (/** @type {any} */ page) => {
  const keys = page.storage((/** @type {Storage} */ kept) => Object.keys(kept).filter((key) => key.startsWith(`parere.${page.site}.out.`)));
  if (!page.allowed) return [];
  return keys ? [line("Storage: works.", true), line(`Answers that wait to be sent: ${keys.length}.`, !keys.length)] :
    [line("Storage: the browser refuses it; answers are kept as long as the page stands.", false)];
};

/** @returns {HTMLElement[]} */
const prompts = () => Array.from(document.querySelectorAll("parere-survey"));

const slots = (/** @type {any} */ page) => {
  const found = prompts().filter((slot) => !slot.hasAttribute("place"));
  const named = found.map((slot) => {
    const survey = slot.getAttribute("survey");
    return `${survey ? `for ${survey}` : "for any survey"}${slot.shadowRoot ? ", taken" : ""}`;
  });
  if (page.target && !document.querySelector(page.target)) return line(`Slot: nothing on this page fits data-target, ${page.target}.`, false);
  if (found.length) return line(`Slot: ${named.join("; ")}.`, true);
  return line("Slot: none on this page; a question in the page stands where the tag stands, if that is in the body.");
};

const stands = (/** @type {any} */ page) => {
  const host = prompts().find((slot) => slot.shadowRoot);
  if (host?.hasAttribute("aside")) return line("Prompt: it waits for a place that covers none of the page’s own controls.", false);
  if (/** @type {any} */ (host)?.shadowRoot.lastChild.hidden) return line("Prompt: the page has sent it away.");
  if (host) return line(`Prompt: it stands ${host.getAttribute("place") ? `over the page (${host.getAttribute("place")})` : "in the page"}.`, true);
  return line(page.survey ? `Prompt: none stands; data-survey lets only ${page.survey} be asked.` : "Prompt: none stands.");
};

// ——— The surveys ———

/** @param {{survey: string, awaits: string, gates: {pass: boolean, says: string}[]}} explained */
const survey = ({ survey: slug, awaits, gates }) => {
  const refused = gates.filter(({ pass }) => !pass).length;
  const verdict = refused ? `Not asked here: ${refused} of ${gates.length} rules refuse.` : `May be asked here. ${awaits}`;
  return [
    node("h3", {}, slug), node("p", { class: "verdict" }, verdict),
    node("ul", {}, ...gates.map(({ pass, says }) => line(says, pass))),
  ];
};

/** @param {any} page @param {() => Promise<any[]>} explain */
const report = async (page, explain) => {
  const [answers, surveys] = await Promise.all([collector(page), explain().catch(() => [])]);
  const error = page.error ? [line(`Last error: ${page.error}`, false)] : [];
  return [
    node("h3", {}, `Site ${page.site} on this page`),
    node("ul", {}, answers, assembly(), consent(page), ...storage(page), slots(page), stands(page), ...error),
    ...surveys.flatMap(survey),
    ...(surveys.length ? [] : [node("p", { class: "quiet" }, "The rules of the surveys can be told where WebAssembly is allowed and a survey is live.")]),
  ];
};

// ——— The panel ———

/** Opens it; `explain` is the page's own call. @param {any} page @param {() => Promise<any[]>} explain */
const reveal = async (page, explain) => {
  if (stage) return;
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const styles = new CSSStyleSheet();
  styles.replaceSync(STYLE);
  const host = stage = node("parere-debug", {});
  const root = host.attachShadow({ mode: "closed" });
  root.adoptedStyleSheets = [styles];
  const body = node("div", { "aria-live": "polite" });
  const [again, shut] = [node("button", { type: "button" }, "Look again"), node("button", { type: "button" }, "Close")];
  const title = node("h2", { id: "title", tabindex: "-1" }, "What parere does on this page");
  const dialog = /** @type {HTMLDialogElement} */ (node("dialog", { "aria-labelledby": "title" }, title, body, node("div", { class: "actions" }, again, shut)));
  const look = async () => body.replaceChildren(...await report(page, explain));
  const close = () => {
    host.remove();
    stage = undefined;
    // So that the next change to #parere-debug is one.
    history.replaceState(history.state, "", location.pathname + location.search);
    before?.focus({ preventScroll: true });
  };
  again.addEventListener("click", look);
  shut.addEventListener("click", close);
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  root.append(dialog);
  document.body.append(host);
  dialog.show();
  title.focus({ preventScroll: true });
  await look();
};
