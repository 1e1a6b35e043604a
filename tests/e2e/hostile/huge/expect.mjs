/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'fifty thousand elements',
};
