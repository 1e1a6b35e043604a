// The editor of surveys, with a script: the preview follows what is written. Without it a button does the same.

/** How long after the last key: a sentence is not shown letter by letter. */
const PAUSE_MS = 500;

const form = /** @type {HTMLFormElement} */ (document.getElementById("survey"));
const frame = /** @type {HTMLIFrameElement} */ (document.getElementById("preview"));
const button = /** @type {HTMLButtonElement} */ (document.getElementById("show-preview"));
const refusal = /** @type {HTMLElement} */ (document.getElementById("preview-refusal"));

/** @type {ReturnType<typeof setTimeout>} */
let pause;
let asked = 0;
let shown = "";

const show = async () => {
  const own = (asked += 1);
  const fields = new URLSearchParams();
  for (const [name, text] of new FormData(form)) fields.append(name, String(text));
  const reply = await fetch(button.formAction, { method: "POST", body: fields });
  // Somebody has gone on writing.
  if (own !== asked) return;
  refusal.hidden = reply.ok;
  if (!reply.ok || reply.url === shown) return;
  shown = reply.url;
  // In place of the last one: the way back leads out of the page, not through its previews.
  frame.contentWindow?.location.replace(reply.url);
};

/** @param {Event} event */
const follow = (event) => {
  if (event.target instanceof HTMLElement && event.target.id === "preview-width") return;
  clearTimeout(pause);
  pause = setTimeout(() => show().catch(() => (refusal.hidden = false)), PAUSE_MS);
};

// The fields beside the frame belong to the form, but stand outside of it.
document.addEventListener("input", follow);
