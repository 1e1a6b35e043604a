/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a policy that allows neither wasm nor frames: nothing',
  asks: false,
  headers: {
    'content-security-policy': "default-src 'none'; style-src 'self'; script-src {{collector}}; connect-src {{collector}}",
  },
  complaints: /wasm|frame-src|Framing/,
};
