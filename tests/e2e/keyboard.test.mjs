// Keys alone: to the scale, along it, into the comment, out again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/**
 * Presses Tab until the element has the focus, as someone without a mouse does.
 * @param {import('./visit.mjs').Visit} visit
 * @param {import('playwright-core').Locator} target
 */
async function tabTo(visit, target) {
  for (let presses = 0; presses < 20; presses += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return;
    await visit.page.keyboard.press('Tab');
  }
  assert.fail('Tab does not lead there');
}

test('an answer and a comment by keys alone', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  assert.equal(await visit.page.evaluate(() => document.activeElement?.localName), 'body', 'the focus is never stolen');
  await tabTo(visit, visit.points.first());
  for (let step = 0; step < 9; step += 1) await visit.page.keyboard.press('ArrowRight');
  await visit.page.keyboard.press('Enter');
  const answer = await stage.collector.answer(page.path, 1);
  assert.equal(answer.score, 9);
  assert.deepEqual((await visit.posted()).map((sent) => sent.score), [9], 'walking past a score is not choosing it');

  await tabTo(visit, visit.comment);
  await visit.page.keyboard.type('Tutto bene');
  await tabTo(visit, visit.button('submit'));
  await visit.page.keyboard.press('Enter');
  assert.equal((await stage.collector.answer(page.path, 2)).comment, 'Tutto bene');
  await visit.thanks.waitFor();
  assert.ok(await visit.thanks.evaluate((thanks) => thanks.matches(':focus')), 'the focus is where it was, not lost');
  await visit.end();
});

test('Space chooses, and leaving the scale chooses what the arrows stand on', async () => {
  for (const [keys, score] of /** @type {[string[], number][]} */ ([
    [['Space'], 0],
    [['ArrowRight', 'ArrowRight', 'ArrowLeft', 'Space'], 1],
    [['ArrowRight', 'ArrowRight', 'ArrowRight', 'Tab'], 3],
    [['ArrowLeft', 'Enter'], 10],
  ])) {
    const page = stage.shop.page();
    const visit = await stage.visit();
    await visit.ask(page);
    await tabTo(visit, visit.points.first());
    for (const key of keys) await visit.page.keyboard.press(key);
    assert.equal((await stage.collector.answer(page.path, 1)).score, score, `${keys}`);
    await visit.end();
  }
});

test('the choice counts when the arrows rest', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  await tabTo(visit, visit.points.first());
  for (let step = 0; step < 5; step += 1) await visit.page.keyboard.press('ArrowRight');
  assert.equal((await stage.collector.answer(page.path, 1)).score, 5);
  await visit.end();
});

test('Escape sends the prompt away and leaves the page as it was', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  await tabTo(visit, visit.points.first());
  await visit.page.keyboard.press('Escape');
  await visit.question.waitFor({ state: 'detached' });
  await visit.moment('dismissed');
  assert.equal((await stage.collector.answers(page.path)).length, 0);
  await tabTo(visit, visit.page.getByRole('button', { name: 'Add to cart' }));
  await visit.end();
});

test('Escape throws no comment away', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  await visit.option(/^3 of 10/).click();
  await visit.comment.fill('Half a sentence');
  await visit.page.keyboard.press('Escape');
  await visit.button('submit').click();
  assert.equal((await stage.collector.answer(page.path, 2)).comment, 'Half a sentence');
  await visit.end();
});

test('the dismiss button is there from the start', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  await visit.button('dismiss').click();
  await visit.question.waitFor({ state: 'detached' });
  assert.deepEqual((await visit.moments()).map(({ name }) => name), ['shown', 'dismissed']);
  await visit.end();
});
