// Storage and network, as memory.rs and transport.rs declare them.
//
// The scripts of these folders join wasm-bindgen's glue at build time (collector/build.rs).
// A page can make any of these calls fail, and here is where that ends. In JavaScript because each of these lines
// takes a fifth of the bytes that the same calls take from wasm.

// What the loader knows of the page; see www/loader.js.
let page = {};

/** Sends what earlier pages left; from now on cards may be attached. */
export const begin = (found) => {
  page = found;
  open(page.site, page.base);
};

const say = (line) => page.say(line);
const fail = (line) => page.fail(Error(line));

// ——— Storage: refused, blocked or full, nothing is kept and nothing fails ———

const storage_get = (key) => page.storage((kept) => kept.getItem(key)) || undefined;
const storage_set = (key, value) => page.storage((kept) => kept.setItem(key, value));
const storage_remove = (key) => page.storage((kept) => kept.removeItem(key));
/** The ends of all keys that begin with `prefix`, one a line. */
const storage_names = (prefix) =>
  page.storage((kept) => Object.keys(kept).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)).join("\n")) || undefined;

// ——— Network ———

/** As JSON; what stands in `value` and not what some `toJSON` of the page makes of it. */
const json = (value) => JSON.stringify(value, function (name) {
  return this[name];
});

/** Posts and calls `settle` once, later; status 0 where nothing came back. */
const post = async (url, body, name) => {
  let status = 0;
  let wait;
  try {
    // A string is text/plain by itself: a simple request, no preflight.
    const reply = await fetch(url, { method: "POST", body, credentials: "omit", keepalive: true });
    status = reply.status;
    wait = reply.headers.get("Retry-After");
  } catch {
    // A page's own `fetch` may throw at once, while the widget is still busy.
    await 0;
  }
  settle(name, status, wait);
};
/** Hands over what the browser sends while the page goes away; nothing comes back. */
const beacon = (url, body) => {
  try {
    navigator.sendBeacon(url, body);
  } catch {}
};
