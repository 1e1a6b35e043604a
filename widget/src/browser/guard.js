// Joins wasm-bindgen's glue at build time (collector/build.rs): everything that enters the wasm passes through here.
//
// A panic in the widget is a trap, and a trap is an exception in whatever listener or timer called us.
// It ends here: the page never sees it, the wasm is not entered again, and the loader takes the prompt away.

let broken = false;

function guard(exports) {
  const guarded = {};
  for (const name in exports) {
    const value = exports[name];
    guarded[name] = typeof value == "function" ? (...given) => {
      if (broken) return;
      try {
        return value(...given);
      } catch (error) {
        broken = true;
        page.fail(error);
        page.gone?.();
      }
    } : value;
  }
  return guarded;
}
