/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'scripts only by Trusted Types, and no policy to make them with',
  headers: { 'content-security-policy': "require-trusted-types-for 'script'; trusted-types 'none'" },
};
