// The tag for shops that pin their scripts: the same bytes for every site and every survey.
//
//   <script async src="https://feedback.example/assets/parere-loader-1a2b3c4d.js" integrity="sha384-…"
//     crossorigin="anonymous" data-site="pk_demo"></script>
//
// What www/loader.js has inside, this fetches: the gates, which are data. Whatever it then loads to run is held to
// the hashes below, so that the tag's own hash speaks for every script there is. At build (collector/build/pinned.rs)
// the loader takes the place of the second string; its `fetch` is the one of this file, and so is its `import`.
((/** @type {HTMLScriptElement} */ script) => {
  if (!script) return;
  /** @type {Record<string, string>} hashes by name of file */
  const files = /** @type {any} */ ("__PARERE_FILES__");
  const { site, debug } = script.dataset;
  const base = script.src.split("/assets/")[0];
  const pinnedAddress = `${base}/v1/${site}.js`;
  const integrityOf = (url) => files[url.split("#")[0].split("/").pop()];

  const fetch = async (url, options) => {
    const integrity = integrityOf(url);
    if (!integrity && url.endsWith(".wasm")) throw Error(`not the pinned widget: ${url}`);
    return window.fetch(url, { ...options, integrity });
  };
  // A module that was preloaded with the right hash is the one that the import gets; one with another is none.
  const importPinned = (url) => new Promise((done, failed) => {
    const link = document.createElement("link");
    const integrity = integrityOf(url);
    if (!integrity || !link.relList.supports("modulepreload")) throw Error(`not the pinned widget: ${url}`);
    Object.assign(link, { rel: "modulepreload", crossOrigin: "anonymous", integrity, nonce: script.nonce, href: url });
    const loaded = (then) => () => {
      link.remove();
      then(url);
    };
    link.onload = loaded(done);
    link.onerror = loaded(() => failed(Error(`not the pinned widget: ${url}`)));
    document.documentElement.append(link);
  }).then((url) => import(url));

  // Calls that come before the gates wait for them.
  const page = /** @type {any} */ (window);
  const api = (page.parere = page.parere || {});
  const stubs = {};
  for (const name of ["show", "dismiss", "identify", "track", "consent", "on", "explain"]) {
    if (!api[name]) api[name] = stubs[name] = (...given) => begun.then(() => api[name](...given));
  }
  const begun = window.fetch(`${base}/v1/${site}.json`, { credentials: "omit" })
    .then((reply) => reply.json())
    .then((gates) => {
      for (const name in stubs) if (api[name] === stubs[name]) delete api[name];
      "__PARERE_LOADER__";
    });
  begun.catch((error) => debug != null && console.info("parere", error));
})(/** @type {HTMLScriptElement} */ (document.currentScript));
