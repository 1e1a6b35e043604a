/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a reset of everything, by force',
  moves: true,
};
