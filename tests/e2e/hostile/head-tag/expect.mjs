/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'the tag in the head, and not async',
};
