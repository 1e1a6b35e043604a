import assert from 'node:assert/strict';

/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a form around the slot, and a page that takes every key for its own',
  meet: async ({ visit, path, answer }) => {
    const { keyboard } = visit.page;
    await visit.points.first().focus();
    for (let step = 0; step < 9; step += 1) await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    assert.equal((await answer(path, 1)).score, 9);
    await keyboard.press('Tab');
    await keyboard.type('10 out of 10, says 1/2 of us');
    await keyboard.press('Enter');
    await keyboard.type('?');
    await visit.option(/^10 of 10/).click();
    await visit.button('submit').click();
    const { score, comment } = await answer(path, 3);
    assert.deepEqual([score, comment], [10, '10 out of 10, says 1/2 of us\n?']);
    await visit.thanks.waitFor();
    await keyboard.press('Escape');
    await visit.question.waitFor({ state: 'detached' });
    await visit.host.waitFor({ state: 'detached' });
    const page = await visit.view.evaluate('[shortcuts, document.querySelector("[name=news]").checked]');
    assert.deepEqual(page, [['Escape', 'Escape'], false], 'nothing else of it was meant for the page');
  },
};
