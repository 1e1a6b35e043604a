/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'no storage at all, as in the web views of some apps',
};
