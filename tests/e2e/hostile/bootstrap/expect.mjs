/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: "Bootstrap's rules for plain elements, in a card in a column",
};
