/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a browser without wasm: a frame in its place',
  isFramed: true,
};
