/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a policy that does not allow wasm: nothing',
  asks: false,
  headers: {
    'content-security-policy': "default-src 'none'; style-src 'self'; script-src {{collector}}; connect-src {{collector}}",
  },
  complaints: /wasm/,
};
