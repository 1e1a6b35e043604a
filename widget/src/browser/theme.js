// A page may change between light and dark while a question stands: joins the widget's first half and the frame
// (collector/build).

/** Calls `then` whenever what surrounds `host` may look different, until `signal` says that it is over. */
const onTheme = (/** @type {Element} */ host, /** @type {AbortSignal} */ signal, /** @type {() => void} */ then) => {
  let due = 0;
  const look = () => due = due || requestAnimationFrame(() => {
    due = 0;
    if (!signal.aborted) then();
  });
  matchMedia("(prefers-color-scheme:dark)").addEventListener("change", look, { signal });
  const watch = new MutationObserver(look);
  for (const node of [document.documentElement, document.body]) watch.observe(node, { attributes: true });
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  // A colour that changes slowly is what it will be only when it has arrived.
  document.addEventListener("transitionend", ({ target }) => /** @type {Node} */ (target).contains(host) && look(), { signal });
};
