// Draws the card into its shadow root.

// The element that is asked in; none, and nothing is asked. What is begun for it ends with it.
let host;
let sight;
let during;

/**
 * Builds elements in `parent`, in place of what was there, and returns the last one of the top level.
 *
 * A line of `markup` is `tag|attribute=value|…`, indented by one blank for each level;
 * `$` stands for the next of the `words`, and `text` for what stands in the element.
 */
const build = (parent, markup, words) => {
  const open = [parent];
  parent.replaceChildren();
  for (const line of markup.split("\n")) {
    const depth = line.search(/\w/);
    const [tag, ...attributes] = line.slice(depth).split("|");
    const node = /svg|path/.test(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const attribute of attributes) {
      let [name, value] = attribute.split("=");
      if (value == "$") value = words.shift();
      if (name == "text") node.textContent = value;
      else node.setAttribute(name, value);
    }
    open[depth].append(node);
    open[depth + 1] = node;
  }
  return open[1];
};

/**
 * Draws into `slot`, of which the loader keeps `height` CSS pixels free, or over the page at `place`;
 * `css` gives the stylesheet, again where the page comes to look different.
 */
const draw = (slot, height, place, css, markup, words) => {
  const styles = new CSSStyleSheet();
  const paint = () => styles.replaceSync(css());
  paint();
  const at = place ? document.createElement("parere-survey") : slot;
  const root = at.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [styles];
  const card = build(root, markup, words);
  host = at;
  // What had the focus before the card took it.
  page.before = null;
  during = new AbortController();
  root.addEventListener("focusin", ({ relatedTarget }) => page.before = page.before || relatedTarget || document.body, { signal: during.signal });
  onTheme(host, during.signal, paint);
  if (place) hover(place, card.dir);
  else if (height && host.offsetHeight > height) card.classList.add("tight");
  return card;
};

/** Ends all that was begun for the prompt, and gives its element. */
const leave = () => {
  const left = host;
  if (left && sight) sight.disconnect();
  if (left) during.abort();
  host = null;
  return left;
};
/** Takes the prompt off the page. */
const gone = () => leave()?.remove();
/** Takes away a question that cannot be answered; where it stands in the page, when that moves nothing in view. */
const withdraw = () => {
  const left = leave();
  if (!left) return;
  left.shadowRoot.replaceChildren();
  if (left.hasAttribute("place")) left.remove();
  else page.calmly(left, () => left.remove());
};

/** What the browser paints where a page paints nothing: not always white. */
const canvas = (slot) => {
  // What is drawn in a slot keeps the page's colour scheme from it.
  const isFree = slot && !slot.shadowRoot;
  const probe = isFree ? slot : document.createElement("parere-survey");
  if (!isFree) document.body.append(probe);
  probe.style.setProperty("background-color", "Canvas");
  const { backgroundColor } = getComputedStyle(probe);
  probe.style.removeProperty("background-color");
  if (!isFree) probe.remove();
  return backgroundColor;
};

/**
 * What surrounds a slot, or the page, one a line: colour, font, its size, radius and colour of the shop's buttons,
 * and the nearest background that hides what is behind it.
 */
const looks = (slot) => {
  let around = slot ? slot.parentElement : document.body;
  if (!around) return "";
  const { color, fontFamily, fontSize } = getComputedStyle(around);
  let surface;
  do surface = getComputedStyle(around).backgroundColor;
  while (/, 0\)$/.test(surface) && (around = around.parentElement));
  if (!around) surface = canvas(slot);
  // The shop's main button: the first that is filled.
  let [radius, accent] = ["", ""];
  for (const button of [...document.querySelectorAll("button,[type=submit],[role=button]")].slice(0, 40)) {
    const style = getComputedStyle(button);
    if (!/, 0\)$/.test(style.backgroundColor) && style.backgroundColor != surface && button.offsetWidth > 60) {
      [radius, accent] = [style.borderTopLeftRadius, style.backgroundColor];
      break;
    }
  }
  return [color, fontFamily, fontSize, radius, surface, accent].join("\n");
};
