/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'storage that may not be touched',
};
