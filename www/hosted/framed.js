// The hosted page in a frame in a shop's page: tells that page what it is called, how high it is, and how far the shopper has come.
//
// Anybody may hear it, for nothing of what was said is in it. www/frame.js listens.

const { body } = document;
// The frame's name is the size of the shop's letters.
const size = Number(name);
if (size >= 14 && size <= 40) document.documentElement.style.fontSize = `${size}px`;

/** @param {string} word */
const tell = (word) => {
  const height = Math.ceil(body.getBoundingClientRect().height);
  if (parent !== window) parent.postMessage({ parere: word, title: document.title, height }, "*");
};

const dismiss = document.getElementById("dismiss");
if (dismiss && parent !== window) {
  dismiss.hidden = false;
  dismiss.addEventListener("click", () => tell("dismissed"));
}
for (const way of ["click", "auxclick"]) document.querySelector("a")?.addEventListener(way, (event) => {
  // The right button opens a menu, and follows nothing.
  if (/** @type {MouseEvent} */ (event).button < 2) tell("clicked");
});
// A frame that is not in view is not drawn, and then nothing observes it.
tell(body.dataset.word);
new ResizeObserver(() => tell(body.dataset.word)).observe(body);
