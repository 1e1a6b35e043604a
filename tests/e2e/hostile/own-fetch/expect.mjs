/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'requests that pass through the hands of the page',
};
