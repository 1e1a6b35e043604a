// Prompts that do not stand in the page: they find a place that covers none of the shop's own controls, or wait.

const CONTROLS = "a[href],button,input,select,textarea,summary,label,iframe,video,[role=button],[role=link],[onclick],[tabindex]";
/** Distances between points that are looked at, in CSS pixels: where a control is, and everywhere else. */
const [FINE, COARSE] = [12, 80];

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

/** Is there a control between these edges, at points `step` apart? What is `known` to be none is not looked at again. */
const presses = (known, left, top, right, bottom, step) => {
  for (let y = top + 1; y < bottom; y += step) {
    for (let x = left + 1; x < right; x += step) {
      for (const under of document.elementsFromPoint(x, y)) {
        if (!known.has(under) && under.closest(CONTROLS)) return true;
        known.add(under);
      }
    }
  }
};

/** Where something is. */
const edges = (element) => element.getBoundingClientRect();

/** Does the host lie over something that the shop wants pressed, above all where its `controls` are? */
const covers = (controls) => {
  const known = new Set([host]);
  const { left, top, right, bottom } = edges(host);
  for (const box of controls) {
    if (presses(known, Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom), FINE)) return true;
  }
  // What can be pressed beyond its own edges, as a link that is stretched over a card.
  return presses(known, left, top, right, bottom, COARSE);
};

/** Where the host was first tried, once it had to go on from there. */
let first;

/**
 * Lets the host stand at `place`. The first place is the stylesheet's. From there it moves by `transform`: what hovers
 * pushes nothing aside, so no browser shall count it among the shifts of the page's layout; looking what lies under
 * the host is enough for that.
 */
const stand = (place) => {
  const before = host.getAttribute("place");
  if (before && before != place) first = first || edges(host);
  host.setAttribute("place", place);
  if (!first) return;
  host.style.cssText = "";
  const { left, top, width } = edges(host);
  host.style.cssText = `inset:${first.top}px auto auto ${first.left}px;width:${width}px;transform:translate(${left - first.left}px,${top - first.top}px)`;
};
const standAgain = () => stand(host.getAttribute("place"));

/** Finds a place; with none the prompt is there but cannot be seen or reached, and tries again. */
const settleDown = (wanted) => {
  if (!host) return;
  if (host.contains(document.activeElement)) return standAgain();
  host.removeAttribute("aside");
  // Looked for when it stands somewhere, so that the page is laid out once for both.
  let controls;
  for (const place of places(wanted)) {
    stand(place);
    controls = controls || Array.from(document.querySelectorAll(CONTROLS), edges);
    if (!covers(controls)) return;
  }
  host.setAttribute("aside", "");
};

/** Lets the host hover over the page. */
const hover = (place, dir) => {
  first = null;
  host.dir = dir;
  // Drawn in this turn and given a place in the next: both in one are too long for a slow phone.
  host.setAttribute("aside", "");
  document.body.append(host);
  const { signal } = during;
  setTimeout(() => signal.aborted || settleDown(place));
  const look = () => requestAnimationFrame(() => settleDown(place));
  for (const event of ["scroll", "resize"]) addEventListener(event, look, { passive: true, signal });
  // It grows and shrinks with what it asks.
  const watch = new ResizeObserver(() => first && standAgain());
  watch.observe(host);
  signal.addEventListener("abort", () => watch.disconnect());
};
