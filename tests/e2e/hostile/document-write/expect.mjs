/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'the tag written by a script',
};
