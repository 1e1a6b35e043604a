/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a policy that trusts the tag by a nonce, and what it loads',
  headers: {
    'content-security-policy':
      "script-src 'nonce-c2NhcnBl' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; object-src 'none'; base-uri 'none'",
  },
};
