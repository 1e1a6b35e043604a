/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: "Tailwind's rules for plain elements, in a row in a grid",
};
