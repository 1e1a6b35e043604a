/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'promises of its own making',
};
