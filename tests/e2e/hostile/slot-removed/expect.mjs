import assert from 'node:assert/strict';

/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'the slot is taken away, and put back with what was written in it',
  meet: async ({ visit, path, answer }) => {
    await visit.option(/^9 of 10/).click();
    await answer(path, 1);
    await visit.comment.fill('Half a sentence');
    await visit.view.evaluate('slot = document.querySelector("parere-survey"), slot.remove()');
    await visit.frame();
    assert.equal(await visit.host.count(), 0);
    await visit.view.evaluate('document.querySelector("main").append(slot), delete window.slot');
    await visit.button('submit').click();
    assert.equal((await answer(path, 2)).comment, 'Half a sentence');
    await visit.thanks.waitFor();
    await visit.page.keyboard.press('Escape');
    await visit.thanks.waitFor({ state: 'detached' });
  },
};
