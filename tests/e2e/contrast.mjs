// Contrast of what axe leaves out: single digits, drawn icons, and the lines around what can be tapped.

/** Least contrast of text, and of what tells a control or its state (WCAG 2.2, 1.4.3 and 1.4.11). */
const TEXT_MIN = 4.5;
const LINE_MIN = 3;

/**
 * Everything in the prompt that is drawn too weakly: what it is, and its contrast.
 * @param {import('./visit.mjs').Visit} visit
 * @returns {Promise<string[]>}
 */
export async function tooWeak(visit) {
  return visit.host.evaluate((host, [textMin, lineMin]) => {
    const root = /** @type {ShadowRoot} */ (host.shadowRoot);
    const canvas = new OffscreenCanvas(1, 1);
    const brush = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
    /** One colour over the other, as the screen shows them. */
    const mix = (/** @type {string[]} */ colors) => {
      for (const color of colors) {
        brush.fillStyle = color;
        brush.fillRect(0, 0, 1, 1);
      }
      return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (/** @type {number[]} */ channels) => {
      const [red, green, blue] = channels.map((byte) => {
        const share = byte / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const parent = (/** @type {Element} */ node) => node.parentElement ?? /** @type {ShadowRoot} */ (node.getRootNode()).host;
    const grounds = (/** @type {Element | undefined} */ node) => {
      const colors = [];
      for (let at = node; at; at = parent(at)) colors.unshift(getComputedStyle(at).backgroundColor);
      return ['Canvas', ...colors];
    };
    const contrast = (/** @type {string} */ color, /** @type {string[]} */ ground) => {
      const [light, dark] = [luminance(mix([...ground, color])), luminance(mix(ground))].sort((a, b) => b - a);
      return (light + 0.05) / (dark + 0.05);
    };
    const weak = /** @type {string[]} */ ([]);
    const check = (/** @type {Element} */ node, /** @type {string} */ what, /** @type {string} */ color, /** @type {string[]} */ ground, /** @type {number} */ least) => {
      const found = contrast(color, ground);
      if (found < least) weak.push(`${what} of ${node.localName} ${node.textContent?.trim()}: ${found.toFixed(2)}`);
    };
    const isShown = (/** @type {Element} */ node) => node.checkVisibility() && node.getBoundingClientRect().width > 1;
    for (const node of [...root.querySelectorAll('legend, label > span, .ends span, .more label, textarea, button, .status')].filter(isShown)) {
      const style = getComputedStyle(node);
      const icon = node.querySelector('svg');
      if (icon) check(node, 'icon', getComputedStyle(icon).stroke, grounds(node), lineMin);
      else check(node, 'text', style.color, grounds(node), textMin);
      // A chosen point is told by what fills it, the others by their edge; stars stand free.
      const isChosen = node.previousElementSibling?.matches(':checked');
      const edge = isChosen ? style.backgroundColor : style.borderTopColor;
      if (node.matches('label > span, textarea') && !node.closest('.stars')) check(node, 'edge', edge, grounds(parent(node)), lineMin);
    }
    return weak;
  }, [TEXT_MIN, LINE_MIN]);
}
