import assert from 'node:assert/strict';

/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'every name taken, ours first',
  meet: async ({ visit, tap }) => {
    await tap();
    assert.equal(await visit.view.evaluate(() => Reflect.get(globalThis, 'parere')), 'Il vostro parere conta');
  },
};
