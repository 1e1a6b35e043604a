// The main job on a shop's page: the tag, the prompt, the tap, the comment, and the score that moves.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

test('a tap moves the score and a comment joins the answer', async () => {
  const scores = () => stage.collector.api('GET', '/sites/pk_demo/scores?survey=nps');
  const { n } = await scores();
  const page = stage.shop.page({ tag: { 'data-ref': '1001', 'data-subject': 'c-77' } });
  const visit = await stage.visit();
  await visit.ask(page);
  assert.match(await visit.question.ariaSnapshot(), /How likely are you to recommend/);
  assert.equal(await visit.points.count(), 11);
  await visit.assertAccessible('parere-survey');
  await visit.assertStill();
  await visit.read();

  await visit.option(/^9 of 10/).click();
  const first = await stage.collector.answer(page.path, 1);
  assert.deepEqual(
    [first.survey, first.score, first.band, first.comment, first.locale, first.channel, first.device, first.ref],
    ['nps', 9, 'promoter', null, 'en', 'inline', 'desktop', '1001'],
  );
  assert.deepEqual([first.flags, first.touchpoint, first.test], [[], 'product', false]);
  assert.equal((await scores()).n, n + 1);

  await visit.comment.fill('Comode, «belle»\ne \'leggere\' 👟');
  await visit.assertAccessible('parere-survey');
  await visit.button('submit').click();
  const second = await stage.collector.answer(page.path, 2);
  assert.deepEqual([second.id, second.score, second.comment], [first.id, 9, 'Comode, «belle»\ne \'leggere\' 👟']);
  assert.equal((await scores()).n, n + 1, 'a comment is no further answer');
  await visit.thanks.waitFor();
  await visit.assertAccessible('parere-survey');

  assert.deepEqual((await visit.moments()).map(({ name, from, detail }) => `${name} ${from} ${detail.revision ?? 0}`), [
    'shown parere-survey 0',
    'answered parere-survey 1',
    'answered parere-survey 2',
  ]);
  await visit.assertStill();
  await visit.end();
});

test('another tap is a correction of the same answer', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  await visit.option(/^2 of 10/).click();
  const first = await stage.collector.answer(page.path, 1);
  await visit.option(/^8 of 10/).click();
  const second = await stage.collector.answer(page.path, 2);
  assert.deepEqual([second.id, second.score, second.band], [first.id, 8, 'passive']);
  await visit.end();
});

test('the answer leaves at once, as a simple request without a cookie', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  const [request] = await Promise.all([
    visit.page.waitForRequest(/\/v1\/responses$/),
    visit.option(/^10 of 10/).click(),
  ]);
  const headers = await request.allHeaders();
  assert.match(headers['content-type'], /^text\/plain/);
  assert.equal(headers.cookie, undefined);
  await stage.collector.answer(page.path, 1);
  assert.ok(!visit.requests.some((url) => !url.startsWith(stage.collector.url) && !url.startsWith(stage.shop.url)));
  assert.deepEqual(await visit.context.cookies(), []);
  await visit.end();
});

for (const [what, embedding] of /** @type {[string, import('./shop.mjs').Embedding][]} */ ([
  ['in a slot below the fold', { slot: 'plain', below: true }],
  ['where the tag stands', { slot: 'none', below: true, survey: '', tag: { 'data-survey': 'csat' } }],
  ['from a tag in the head', { place: 'head', slot: 'plain', below: true }],
])) {
  test(`the prompt stands ${what}, and the page does not move`, async () => {
    const page = stage.shop.page(embedding);
    const visit = await stage.visit();
    await visit.page.goto(page.url);
    await visit.reveal();
    await visit.moment('shown');
    await visit.assertStill();
    await visit.end();
  });
}

test('a late tag moves nothing that the shopper looks at', async () => {
  for (const slot of /** @type {const} */ (['sized', 'plain', 'none'])) {
    const page = stage.shop.page({ slot, survey: '', tag: { 'data-survey': 'nps' } });
    const visit = await stage.visit();
    const tag = await visit.hold('**/v1/*.js');
    await visit.page.goto(page.url, { waitUntil: 'domcontentloaded' });
    await until('the page is painted', () =>
      visit.page.evaluate(() => performance.getEntriesByName('first-contentful-paint').length > 0));
    await tag.asked();
    const [loader] = await Promise.all([visit.page.waitForResponse('**/v1/*.js'), tag.go()]);
    await loader.finished();
    if (slot !== 'sized') {
      // There is no room for it: it waits for a moment at which the shopper moves the page anyway.
      await visit.host.waitFor({ state: 'attached' });
      await visit.assertStill(slot);
      await visit.page.getByRole('button', { name: 'Add to cart' }).click();
    }
    await visit.asked();
    await visit.assertStill(slot);
    await visit.end();
  }
});

test('a page may ask by itself, and send the prompt away', async () => {
  const page = stage.shop.page({ slot: 'sized', survey: '', tag: { 'data-survey': 'nothing' } });
  const visit = await stage.visit();
  await visit.page.goto(page.url);
  await visit.page.waitForFunction(() => 'parere' in globalThis);
  await visit.page.evaluate(() => {
    const noted = /** @type {any} */ (globalThis);
    noted.parere.on('dismissed', () => (noted.wasDismissed = true));
    noted.parere.show('ces');
  });
  await visit.asked();
  assert.equal(await visit.points.count(), 7);
  await visit.page.evaluate(() => /** @type {any} */ (globalThis).parere.dismiss());
  await visit.question.waitFor({ state: 'detached' });
  await until('the page hears of it', () => visit.page.evaluate('globalThis.wasDismissed'));
  assert.equal((await stage.collector.answers(page.path)).length, 0);
  await visit.end();
});

test('a prompt that the page sends away before the widget is all there counts as dismissed', async () => {
  const site = await stage.collector.site({ targeting: { recontact: { answered_days: 90, dismissed_days: 30, other_days: 7 } } });
  const page = stage.shop.page({ site, slot: 'sized', tag: { 'data-debug': '' } });
  const visit = await stage.visit();
  const answering = await visit.hold('**/parere-answer-*.wasm');
  await visit.page.goto(page.url);
  await visit.question.waitFor();
  await visit.page.evaluate(() => /** @type {any} */ (globalThis).parere.dismiss());
  await visit.question.waitFor({ state: 'hidden' });
  await answering.asked();
  await answering.go();
  await visit.moment('dismissed');
  await visit.host.waitFor({ state: 'detached' });
  await visit.assertAskedNothing(page);
  await visit.end();
});
