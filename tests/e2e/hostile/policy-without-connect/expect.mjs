/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a policy that does not let us fetch: nothing',
  asks: false,
  headers: {
    'content-security-policy': "script-src {{collector}} 'wasm-unsafe-eval'; connect-src 'self'",
  },
  complaints: /connect-src|Fetch API cannot load/,
};
