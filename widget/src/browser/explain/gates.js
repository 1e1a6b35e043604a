// Asks the wasm why a survey is asked on this page, or why not: for `parere.explain()` and the overlay.

// What the loader knows of the page; a fault of this part takes no prompt away.
let page = {};

/** The loader hands over. */
export const begin = (found) => {
  page = Object.create(found, { gone: { value: null } });
};

/** What the survey behind `config` waits for, and each of its gates. */
export const explain = (survey, about, memory, config) => {
  const [awaits, ...rest] = gates(about, memory, config, Date.now()).split("\0");
  const found = [];
  for (let at = 0; at + 3 < rest.length; at += 4) {
    const [gate, pass, seen, says] = rest.slice(at, at + 4);
    found.push({ gate, pass: pass == 1, seen, says });
  }
  return { survey, awaits, gates: found };
};

export const overlay = (page, explain) => reveal(page, explain);
