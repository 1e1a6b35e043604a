/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'text of twice the size on a narrow screen',
  shopper: { viewport: { width: 640, height: 900 } },
};
