/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'prototypes with additions',
};
