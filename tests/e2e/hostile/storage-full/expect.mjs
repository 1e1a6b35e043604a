/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'storage that takes nothing more',
};
