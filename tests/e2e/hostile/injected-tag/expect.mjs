/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'the tag put in by a tag manager',
};
