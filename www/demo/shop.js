// The storefront's cart. It lives as long as the page: nothing is stored, nothing is sent.

/**
 * The first element that fits; every selector here names one that the page always has.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement}
 */
const find = (selector, within = document) => within.querySelector(selector);

const form = /** @type {HTMLFormElement} */ (find("#buy"));
const cart = /** @type {HTMLDetailsElement} */ (find("#cart"));
const sizes = find("#sizes");
const hint = find(".size-hint");
const added = find(".added");
const price = Number(form.dataset.price);
const fitAdvice = hint.textContent;
const euro = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });

let pairs = 0;

// The message stands where the advice stood, so nothing moves.
function askForSize(missing) {
  hint.textContent = missing ? hint.dataset.missing : fitAdvice;
  sizes.classList.toggle("missing", missing);
  if (missing) find("input:enabled", sizes).focus();
}

function addLine(what) {
  const line = document.createElement("li");
  const cost = document.createElement("span");
  cost.textContent = euro.format(price);
  line.append(what, cost);
  find(".cart-lines").append(line);
}

function showCart() {
  find(".cart-count").textContent = String(pairs);
  find(".cart-empty").hidden = true;
  find(".cart-total").hidden = false;
  find(".cart-total strong").textContent = euro.format(pairs * price);
}

function announce(what) {
  const text = pairs === 1 ? added.dataset.one : added.dataset.many;
  added.textContent = text.replace("{what}", what).replace("{n}", String(pairs));
}

form.noValidate = true; // the page's own message instead of the browser's bubble

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = new FormData(form);
  if (!chosen.has("size")) return askForSize(true);
  const what = `${form.dataset.name} ${chosen.get("colour")}, ${chosen.get("size")}`;
  pairs += 1;
  addLine(what);
  showCart();
  announce(what);
});

sizes.addEventListener("change", () => askForSize(false));

// The cart's panel closes like any menu: Escape, or a press elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !cart.open) return;
  cart.open = false;
  find("summary", cart).focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!event.composedPath().includes(cart)) cart.open = false;
});

// On a phone the strip of questions scrolls sideways: start at the current one.
const kinds = find(".trial-kinds");
const current = find("[aria-current]", kinds);
if (current) kinds.scrollLeft = current.parentElement.offsetLeft - kinds.offsetLeft - 24;
