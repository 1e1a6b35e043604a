// Prompts that do not stand in the page: they find a place that covers none of the shop's own controls, or wait.

const CONTROLS = "a[href],button,input,select,textarea,summary,label,iframe,video,[role=button],[role=link],[onclick],[tabindex]";
/** Distances between points that are looked at, in CSS pixels: where a control is, and everywhere else. */
const [FINE, COARSE] = [12, 48];

/** The places in the order in which they are tried, the wanted one first. */
const places = (place) => {
  const [kind, wanted] = place.split(" ");
  const all = {
    popover: matchMedia("(max-width:599px)").matches ? ["bottom", "top"] : ["bottom_end", "bottom_start", "top_end", "top_start"],
    bar: ["bottom", "top"],
    tab: ["end", "start"],
  }[kind];
  const first = all.includes(wanted) ? wanted : all.find((other) => wanted.startsWith(other));
  return [first, ...all.filter((other) => other != first)].map((other) => `${kind} ${other}`);
};

/** Is there a control between these edges, at points `step` apart? */
const presses = (left, top, right, bottom, step) => {
  for (let y = top + 1; y < bottom; y += step) {
    for (let x = left + 1; x < right; x += step) {
      for (const under of document.elementsFromPoint(x, y)) {
        if (under != host && under.closest(CONTROLS)) return true;
      }
    }
  }
};

/** Where something is. */
const edges = (element) => element.getBoundingClientRect();

/** Does the host lie over something that the shop wants pressed, above all where its `controls` are? */
const covers = (controls) => {
  const { left, top, right, bottom } = edges(host);
  for (const box of controls) {
    if (presses(Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom), FINE)) return true;
  }
  // What can be pressed beyond its own edges, as a link that is stretched over a card.
  return presses(left, top, right, bottom, COARSE);
};

/** Finds a place; with none the prompt is there but cannot be seen or reached, and tries again. */
const settleDown = (wanted) => {
  if (!host || host.contains(document.activeElement)) return;
  host.removeAttribute("aside");
  const controls = Array.from(document.querySelectorAll(CONTROLS), edges);
  for (const place of places(wanted)) {
    host.setAttribute("place", place);
    if (!covers(controls)) return;
  }
  host.setAttribute("aside", "");
};

/** Lets the host hover over the page. */
const hover = (place, dir) => {
  host.dir = dir;
  document.body.append(host);
  const look = () => requestAnimationFrame(() => settleDown(place));
  for (const event of ["scroll", "resize"]) addEventListener(event, look, { passive: true, signal: during.signal });
  settleDown(place);
};
