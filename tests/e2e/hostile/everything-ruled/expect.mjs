/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'rules for every element, and none shown that is not defined',
};
