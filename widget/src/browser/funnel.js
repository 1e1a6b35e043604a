// What becomes of a question, as numbers: joins the widget's first half and the frame that stands in for it
// (collector/build). No name, no id, nothing read from or written to the device; one beacon for a question that is
// over, or whose page is left or hidden. Nothing waits for it, and nobody misses it.

/** As JSON; what stands in `value` and not what some `toJSON` of the page makes of it. */
const plain = (/** @type {unknown} */ value) => JSON.stringify(value, function (name) {
  return this[name];
});

/** The class of this screen: shared/src/response/kind.rs. */
const device = () => screen.width < 600 ? "phone" : screen.width < 1024 ? "tablet" : "desktop";

/**
 * Counts what becomes of the question at `host`, which was just drawn, until `signal` says that it is over; `about` says what was asked.
 * Gives back what counts a click on the link under the thanks, with the left button or the middle one.
 */
const tally = (/** @type {Element} */ host, /** @type {object} */ about, /** @type {AbortSignal} */ signal) => {
  const known = new Set();
  let due = [];
  const note = (/** @type {string} */ kind) => {
    if (!known.has(kind)) due.push(kind);
    known.add(kind);
  };
  const send = (/** @type {{ type?: string }} */ { type }) => {
    if (!due[0] || type == "visibilitychange" && !document.hidden) return;
    try {
      navigator.sendBeacon(`${page.base}/v1/events`, plain({ ...about, events: due }));
    } catch {}
    due = [];
  };
  note("eligible");
  for (const kind of ["shown", "dismissed"]) host.addEventListener("parere:" + kind, () => note(kind), { signal });
  for (const begun of ["input", "parere:answered"]) host.addEventListener(begun, () => note("started"), { signal, capture: true });
  // A page that is left is hidden after its `pagehide`, at which answers go: what is only counted never goes before them.
  document.addEventListener("visibilitychange", send, { signal });
  signal.addEventListener("abort", send, { once: true });
  // The page may stay in view, and the beacon leaves while the browser follows the link.
  return (/** @type {{ button?: number }} */ { button }) => {
    if (button > 1) return;
    note("clicked");
    send({});
  };
};
