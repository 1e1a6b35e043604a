import assert from 'node:assert/strict';

/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'an address without encryption, which browsers do not trust',
  host: 'shop.test',
  meet: async ({ visit, tap }) => {
    assert.equal(await visit.view.evaluate('isSecureContext || "randomUUID" in crypto'), false);
    await tap();
  },
};
