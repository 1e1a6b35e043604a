// The storefront's cart. It lives as long as the page: nothing is stored, nothing is sent.

const form = document.querySelector("#buy");
const cart = document.querySelector("#cart");
const sizes = form.querySelector("#sizes");
const hint = form.querySelector(".size-hint");
const added = form.querySelector(".added");
const fitAdvice = hint.textContent;
const euro = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });

let pairs = 0;

// The message stands where the advice stood, so nothing moves.
function askForSize(missing) {
  hint.textContent = missing ? hint.dataset.missing : fitAdvice;
  sizes.classList.toggle("missing", missing);
  if (missing) sizes.querySelector("input:enabled").focus();
}

function addLine(what) {
  const line = document.createElement("li");
  const price = document.createElement("span");
  price.textContent = euro.format(form.dataset.price);
  line.append(what, price);
  cart.querySelector(".cart-lines").append(line);
}

function showCart() {
  cart.querySelector(".cart-count").textContent = pairs;
  cart.querySelector(".cart-empty").hidden = true;
  cart.querySelector(".cart-total").hidden = false;
  cart.querySelector(".cart-total strong").textContent = euro.format(pairs * form.dataset.price);
}

function announce(what) {
  const text = pairs === 1 ? added.dataset.one : added.dataset.many;
  added.textContent = text.replace("{what}", what).replace("{n}", pairs);
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
  cart.querySelector("summary").focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!cart.contains(event.target)) cart.open = false;
});

// On a phone the strip of questions scrolls sideways: start at the current one.
const kinds = document.querySelector(".trial-kinds");
const current = kinds.querySelector("[aria-current]");
if (current) kinds.scrollLeft = current.parentElement.offsetLeft - kinds.offsetLeft - 24;
