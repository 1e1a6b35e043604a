/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a policy that names us and allows wasm',
  headers: {
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src {{collector}} 'wasm-unsafe-eval'; connect-src {{collector}}; base-uri 'none'",
  },
};
