// The drawn card, as dom.rs declares it.

// The element that the card stands in.
let host;

/** Takes over a card that the other half drew (browser/ask/card.js); says whether it is taken. */
export const take = (facts, card, config) => {
  host = card.getRootNode().host;
  return attach(facts, card, config);
};

/** Without `value` the attribute goes; `text` stands for what is in the element. */
const put = (card, selector, name, value) => {
  const node = card.querySelector(selector);
  if (name == "text") node.textContent = value;
  else if (value == null) node.removeAttribute(name);
  else node.setAttribute(name, value);
};
const fill = (card, selector, markup, words) => page.build(card.querySelector(selector), markup, words.split("\0"));

/** What an event on the card is about, one a line: part, key, whether the focus stays on the scale, and the value. */
const heard = (event) => {
  const { type, target, key, relatedTarget } = event;
  // What is typed here is no shortcut of the page; Tab and Escape may be for what surrounds the prompt.
  if (/key|input/.test(type) && !/^(Tab|Escape)$/.test(key)) event.stopPropagation();
  return [target.closest("[part]").part, key, relatedTarget && relatedTarget.closest("[part=scale]") && 1, target.value].join("\n");
};

/** The comment, as long as its field is shown: after that it has been sent. */
const written = (card) => (card.querySelector(":not([hidden]) > .grow > textarea") || {}).value || "";
/** Values of what is ticked under the follow-up question, one a line. */
const ticked = (card) => [...card.querySelectorAll("[name=choice]:checked")].map((choice) => choice.value).join("\n");
const focus = (card, selector) => card.querySelector(selector).focus();
const refocus = (card, selector) => card.getRootNode().activeElement && focus(card, selector);
const fold = (card, folded) => {
  card.classList.toggle("folded", folded);
  focus(card, folded ? "[part=tab]" : "input");
};
const release = () => host.style.removeProperty("min-height");

// Both later: a page may call the widget from its listener, and a host that has left the page is not heard.
const tell = (name, detail) => {
  const at = host;
  queueMicrotask(() => at.dispatchEvent(new CustomEvent("parere:" + name, { bubbles: true, composed: true, detail })));
};
const close = () => queueMicrotask(() => {
  const had = document.activeElement == host;
  page.gone();
  if (had && page.before) page.before.focus({ preventScroll: true });
});
