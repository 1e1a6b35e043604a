// What surveys wait for (shared/src/gate/trigger.rs): listens until it has happened, and no longer.

/** A touch screen is flung upwards when it moves by this many CSS pixels in that many ms, after lying still for as many. */
const FLING = { distance: 120, time_ms: 200, still_ms: 1000 };

const awaits = {
  1: (seconds, _, fire, signal) => {
    let left = seconds * 1e3;
    let began;
    let timer;
    const run = () => {
      clearTimeout(timer);
      if (began) left -= Date.now() - began;
      began = document.hidden ? 0 : Date.now();
      if (began) timer = setTimeout(fire, Math.max(left, 0));
    };
    document.addEventListener("visibilitychange", run, { signal });
    run();
  },
  2: (percent, _, fire, signal) => {
    const look = () => {
      const { scrollTop, scrollHeight, clientHeight } = document.scrollingElement;
      if (scrollTop * 100 >= (scrollHeight - clientHeight) * percent) fire();
    };
    addEventListener("scroll", look, { passive: true, signal });
    look();
  },
  3: (_amount, _name, fire, signal) => {
    document.addEventListener("mouseout", ({ relatedTarget, clientY }) => !relatedTarget && clientY <= 0 && fire(), { signal });
    let [from, at] = [scrollY, -1e9];
    addEventListener("scroll", ({ timeStamp }) => {
      if (timeStamp - at > FLING.still_ms) [from, at] = [scrollY, timeStamp];
      else if (timeStamp - at > FLING.time_ms) at = timeStamp - FLING.time_ms - 1;
      if (timeStamp - at <= FLING.time_ms && from - scrollY > FLING.distance && matchMedia("(pointer:coarse)").matches) fire();
    }, { passive: true, signal });
  },
  4: (_, selector, fire, signal) =>
    document.addEventListener("click", ({ target }) => target.closest && target.closest(selector) && fire(), { signal, capture: true }),
  5: (_, selector, fire, signal) => {
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && fire());
    for (const node of document.querySelectorAll(selector)) watch.observe(node);
    signal.addEventListener("abort", () => watch.disconnect());
  },
  // What the page tells with `track` comes by itself.
  6: () => {},
};

/** Calls `then` once, when `on` has reached `amount` or has happened to `name`. */
const watch = (on, amount, name, then) => {
  const ended = new AbortController();
  const fire = () => {
    if (ended.signal.aborted) return;
    ended.abort();
    then();
  };
  try {
    awaits[on](amount, name, fire, ended.signal);
  } catch (error) {
    // A selector that is none.
    page.say(error);
  }
  return fire;
};
