// What a page is like and what on it still waits for something, so that two moments of it can be compared.

/** Runs in the page before anything else: keeps books on listeners, timers and observers. */
export function keepBooks() {
  const page = /** @type {any} */ (globalThis);

  /** @type {{target: any, type: string, listener: any, capture: boolean}[]} */
  const listening = [];
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const captures = (/** @type {any} */ options) => !!(typeof options === 'object' ? options?.capture : options);
  const find = (/** @type {any} */ target, /** @type {any} */ type, /** @type {any} */ listener, /** @type {boolean} */ capture) =>
    listening.findIndex((known) =>
      known.target === target && known.type === type && known.listener === listener && known.capture === capture);
  const forget = (/** @type {number} */ at) => at >= 0 && listening.splice(at, 1);
  EventTarget.prototype.addEventListener = function (/** @type {any} */ type, /** @type {any} */ listener, /** @type {any} */ options) {
    const target = this ?? globalThis;
    const capture = captures(options);
    if (listener && find(target, type, listener, capture) < 0) {
      listening.push({ target, type, listener, capture });
      const fired = () => forget(find(target, type, listener, capture));
      if (options?.signal) addEventListener.call(options.signal, 'abort', fired, { once: true });
      if (options?.once) addEventListener.call(target, type, fired, { once: true, capture });
    }
    return addEventListener.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (/** @type {any} */ type, /** @type {any} */ listener, /** @type {any} */ options) {
    forget(find(this ?? globalThis, type, listener, captures(options)));
    return removeEventListener.call(this ?? globalThis, type, listener, options);
  };

  /** @type {Map<string, number>} */
  const timers = new Map();
  for (const [start, stop] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval'], ['requestAnimationFrame', 'cancelAnimationFrame']]) {
    const [begin, end] = [page[start], page[stop]];
    page[start] = (/** @type {any} */ run, /** @type {any[]} */ ...rest) => {
      const id = begin((/** @type {any[]} */ ...given) => {
        if (start !== 'setInterval') timers.delete(`${stop} ${id}`);
        run(...given);
      }, ...rest);
      timers.set(`${stop} ${id}`, id);
      return id;
    };
    page[stop] = (/** @type {any} */ id) => {
      timers.delete(`${stop} ${id}`);
      return end(id);
    };
  }

  /** @type {Map<any, string>} */
  const observers = new Map();
  for (const kind of ['IntersectionObserver', 'MutationObserver', 'ResizeObserver', 'PerformanceObserver']) {
    const { observe, disconnect } = page[kind].prototype;
    page[kind].prototype.observe = function (/** @type {any[]} */ ...given) {
      observers.set(this, `${kind} of ${given[0]?.localName ?? 'the page'}`);
      return observe.apply(this, given);
    };
    page[kind].prototype.disconnect = function () {
      observers.delete(this);
      return disconnect.call(this);
    };
  }

  page.e2eWaiting = () => [
    ...listening.map(({ target, type }) => `${type} at ${target === page ? 'window' : target.nodeName ?? target.constructor.name}`),
    ...[...timers.keys()].map((key) => key.replace(/ .*/, '')),
    ...observers.values(),
  ].sort();
}

/** How many elements of a page are looked at closely. */
const CLOSELY = 14;

/**
 * What is there of a page beside the prompt.
 * @param {import('playwright-core').Frame} view
 */
export async function traces(view) {
  return view.evaluate((closely) => {
    const page = /** @type {any} */ (globalThis);
    const own = [...document.querySelectorAll('html, body, body *')].filter((element) => !element.closest('parere-survey'));
    const copy = /** @type {Element} */ (document.documentElement.cloneNode(true));
    for (const slot of copy.querySelectorAll('parere-survey')) slot.remove();
    return {
      waiting: /** @type {string[]} */ (page.e2eWaiting()),
      globals: Object.getOwnPropertyNames(page).filter((name) => name !== 'parere').sort(),
      html: copy.outerHTML,
      elements: own.length,
      sideways: document.documentElement.scrollWidth,
      styles: own.slice(0, closely).map((element) => {
        const style = getComputedStyle(element);
        // How high it is depends on whether the slot is there.
        const names = [...style].filter((name) => !/^(height|block-size|perspective-origin|transform-origin)$/.test(name));
        return `${element.localName} ${names.map((name) => `${name}: ${style.getPropertyValue(name)}`).join('; ')}`;
      }),
    };
  }, CLOSELY);
}
