/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'an address that all others start from',
};
