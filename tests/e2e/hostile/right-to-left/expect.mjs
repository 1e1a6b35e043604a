/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a page from right to left, in a language that the survey does not have',
};
