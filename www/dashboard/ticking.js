// A tick for all of a list ticks each of it, to be seen. Without this script it means the same to the collector.

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form.ticking"))) {
  const all = /** @type {HTMLInputElement} */ (form.querySelector("[name=all]"));
  const each = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name=id]"))];
  form.addEventListener("change", ({ target }) => {
    if (target === all) for (const tick of each) tick.checked = all.checked;
    else if (each.includes(/** @type {HTMLInputElement} */ (target))) all.checked = each.every((tick) => tick.checked);
  });
}
