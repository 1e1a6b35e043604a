import assert from 'node:assert/strict';

/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'left after a tap, and come back to as it was',
  keepsPages: true,
  meet: async ({ visit, path, answer }) => {
    await visit.option(/^3 of 10/).click();
    const { id } = await answer(path, 1);
    await visit.view.getByRole('link', { name: 'Other' }).click();
    await visit.page.waitForURL('**/other**');
    await visit.page.goBack({ waitUntil: 'commit' });
    assert.equal(await visit.view.evaluate('returns'), 1, 'the browser has kept the page');
    await visit.option(/^9 of 10/).click();
    const answered = await answer(path, 2);
    assert.deepEqual([answered.id, answered.score], [id, 9]);
    await visit.button('dismiss').click();
    await visit.question.waitFor({ state: 'detached' });
  },
};
