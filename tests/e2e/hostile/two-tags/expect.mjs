/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'the tag three times, in head and body',
};
