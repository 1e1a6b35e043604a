/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a fetch that fetches nothing: nothing',
  asks: false,
};
