// The tag with everything inside, for pages that always ask: one request, and the question stands.
//
//   <script async src="https://feedback.example/v1/pk_demo.now.js?lang=it"></script>
//
// It carries what www/loader.js would fetch next: the widget's first half and what the surveys say in one language.
// All else, and what they say in another language, is fetched as the tag does. At build (collector/build/now.rs) the
// loader takes the place of the last string in the function; what it fetches, compiles and imports goes through here.
// The collector puts the site in place of the string at the end.
((/** @type {HTMLScriptElement} */ script, /** @type {any} */ [gates, carried]) => {
  if (!script) return;
  /** The language that the tag's address names, as `data-lang` would. */
  const lang = /.*[?&]lang=([\w-]+)/.exec(script.src)?.[1];
  /** The glue of the first half, to be called once, and the name of its wasm. @type {[() => any, string]} */
  const [glue, wasm] = /** @type {any} */ ("__PARERE_GLUE__");
  carried[wasm] = "__PARERE_WASM__";

  // Bytes stand as characters: two of UTF-8 for each from 128 on, which costs less than base64 once it is compressed.
  const bytesOf = (/** @type {string} */ text) => {
    // By the browser itself, where it knows how: a loop over all of them is slow on a phone.
    const { fromBase64 } = /** @type {any} */ (Uint8Array);
    if (fromBase64) return fromBase64.call(Uint8Array, btoa(text));
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
    return bytes;
  };
  const fetch = async (/** @type {string} */ url) => {
    const text = carried[url.split("/").pop()];
    return text == null ? window.fetch(url) : { ok: true, isCarried: true, arrayBuffer: () => bytesOf(text) };
  };
  const compile = async (/** @type {Promise<any>} */ asked) => {
    const reply = await asked;
    if (!reply.isCarried) return WebAssembly.compileStreaming(reply);
    const bytes = reply.arrayBuffer();
    // At once: functions are compiled when they are called, and a turn of a busy phone's queue takes longer.
    // Older browsers compile no more than 4 kB at once.
    try {
      return new WebAssembly.Module(bytes);
    } catch {
      return WebAssembly.compile(bytes);
    }
  };
  const importCarried = async (/** @type {string} */ url) => url.includes("/parere-ask-") ? glue() : import(url);

  "__PARERE_LOADER__";
})(/** @type {HTMLScriptElement} */ (document.currentScript), "__PARERE_SITE__");
