import assert from 'node:assert/strict';

/** @type {import('../../hostile.test.mjs').Hostile} */
export default {
  title: 'the shop in a frame of another site',
  parent: '<!doctype html><title>Builder</title><h1>Preview</h1><iframe src="{{page}}" width="900" height="700"></iframe>',
  meet: async ({ visit, tap }) => {
    assert.equal(visit.view.parentFrame(), visit.page.mainFrame());
    await tap();
  },
};
