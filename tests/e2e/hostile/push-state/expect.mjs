import assert from 'node:assert/strict';

/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'a page that becomes another by pushState, and asks again there',
  meet: async ({ visit, path, answer }) => {
    const first = await visit.host.elementHandle();
    await visit.view.getByRole('link', { name: 'Next' }).click();
    await visit.question.waitFor();
    assert.equal(await first?.evaluate((slot) => slot.isConnected), false);
    await visit.option(/^8 of 10/).click();
    assert.equal((await answer(`${path}/next`, 1)).score, 8);
    await visit.button('dismiss').click();
    await visit.question.waitFor({ state: 'detached' });
  },
};
