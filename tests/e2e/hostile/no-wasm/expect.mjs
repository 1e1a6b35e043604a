/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a browser without wasm: nothing',
  asks: false,
};
