// A tablet in the shop: one shopper after the other, with and without a network.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

const TABLET = { viewport: { width: 1180, height: 820 }, hasTouch: true };

/**
 * A tablet at the question; its clock is the test's.
 * @param {string} ref tells its answers from all others
 * @param {string} [site]
 */
async function tablet(ref, site = 'pk_demo') {
  const visit = await stage.visit(TABLET);
  const { page } = visit;
  await page.clock.install();
  await page.goto(`${stage.collector.url}/s/${site}/nps?kiosk=1&ref=${ref}`);
  return {
    visit,
    page,
    point: (/** @type {string} */ name) => page.locator('label', { has: page.getByRole('radio', { name }) }),
    send: page.getByRole('button', { name: 'Send' }),
    comment: page.getByRole('textbox'),
    thanks: page.getByText('Thank you for your opinion.'),
    answers: async () => {
      const { responses } = await stage.collector.api('GET', `/sites/${site}/responses?limit=500`);
      return responses.filter((/** @type {{ref: string}} */ row) => row.ref === ref).reverse();
    },
    /** Nothing is left of the shopper before. */
    assertNew: async () => {
      await page.getByRole('group').waitFor();
      assert.equal(await page.locator('input:checked').count(), 0);
      assert.equal(await page.locator('#comment').inputValue(), '');
      assert.ok(!(await page.getByRole('textbox').isVisible()));
      assert.equal(await page.locator('[name=choice]').count(), 0);
      assert.ok(!(await page.getByText('Your answer is noted.').isVisible()));
    },
  };
}

test('a tap stores, the comment follows, and the next shopper finds the question', async () => {
  const { visit, page, point, send, comment, thanks, answers, assertNew } = await tablet('one');
  await visit.assertAccessible();
  await point('3 of 10').tap();
  const [first] = await until('the score', async () => (await answers()).length > 0 && answers());
  assert.deepEqual([first.revision, first.score, first.channel, first.locale, first.page], [1, 3, 'kiosk', 'en', '/s/pk_demo/nps']);
  await page.getByText('Your answer is noted.').waitFor();
  await page.getByRole('textbox', { name: 'What went wrong for you?' }).waitFor();
  await visit.assertAccessible();
  await point('9 of 10').tap();
  await page.getByRole('textbox', { name: 'What did you like most?' }).fill('The laces.');
  await send.tap();
  await thanks.waitFor();
  await visit.assertAccessible();
  const [last] = await until('the comment', async () => (await answers())[0].revision === 3 && answers());
  assert.deepEqual([last.id, last.score, last.comment, last.flags], [first.id, 9, 'The laces.', []]);

  // The clock goes on by itself, too, for as long as the checks above took.
  await page.clock.fastForward(3_000);
  assert.ok(await thanks.isVisible());
  await page.clock.fastForward(5_100);
  await assertNew();
  await point('10 of 10').tap();
  const both = await until('another answer', async () => (await answers()).length === 2 && answers());
  assert.notEqual(both[1].id, first.id);
  assert.equal(visit.requests.filter((url) => url.includes('/s/')).length, 1, 'no page was loaded again');
  await visit.end();
});

test('who walks away leaves nothing for the next one to read', async () => {
  const { visit, page, point, comment, answers, assertNew } = await tablet('idle');
  await point('2 of 10').tap();
  await comment.fill('My number is');
  await page.clock.fastForward(29_000);
  assert.equal(await comment.inputValue(), 'My number is');
  await comment.press('7');
  await page.clock.fastForward(29_000);
  assert.ok(await comment.isVisible(), 'each key counts');
  await page.clock.fastForward(2_000);
  await assertNew();
  const found = await until('the score', async () => (await answers()).length === 1 && answers());
  assert.deepEqual([found[0].score, found[0].comment], [2, null], 'what was not sent is not stored');
  await visit.end();
});

test('answers wait while the network is away, also over a restart, and arrive once', async () => {
  const { visit, page, point, send, comment, thanks, answers, assertNew } = await tablet('away');
  await visit.context.setOffline(true);
  for (const [name, text] of [['1 of 10', 'Too small'], ['8 of 10', ''], ['10 of 10', 'Più comode di così!']]) {
    await point(name).tap();
    await comment.fill(text);
    await send.tap();
    await thanks.waitFor();
    await page.clock.fastForward(8_100);
    await assertNew();
  }
  assert.equal((await answers()).length, 0);
  await visit.context.setOffline(false);
  await page.reload();
  const found = await until('all of them', async () => (await answers()).length === 3 && answers());
  assert.deepEqual(found.map((/** @type {any} */ row) => [row.score, row.comment, row.channel]), [
    [1, 'Too small', 'kiosk'], [8, null, 'kiosk'], [10, 'Più comode di così!', 'kiosk'],
  ]);
  await until('nothing waits', async () => (await page.evaluate('localStorage.length')) === 0);
  await visit.end(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
});

test('a network that answers in our place is not believed', async () => {
  const { visit, page, point, answers } = await tablet('portal');
  for (const reply of [
    { status: 200, contentType: 'text/html', body: '<title>Welcome to the guest network</title>' },
    { status: 503, contentType: 'application/problem+json', body: '{"status":503}' },
  ]) {
    await page.route('**/v1/responses', (route) => route.fulfill(reply));
    await point(reply.status === 200 ? '5 of 10' : '6 of 10').tap();
    await visit.posted();
    visit.sent.length = 0;
    await page.unroute('**/v1/responses');
    await page.route('**/v1/responses', (route) => route.abort());
  }
  assert.equal((await answers()).length, 0);
  await page.unroute('**/v1/responses');
  await page.clock.fastForward(61_000);
  const [answer] = await until('the answer', async () => (await answers()).length === 1 && answers());
  assert.deepEqual([answer.score, answer.revision], [6, 2]);
  await visit.end(/Failed to load resource/);
});

test('a keyboard does it, too, and nothing is sent on the way over the points', async () => {
  const { visit, page, send, thanks, answers } = await tablet('keys');
  await send.press('Enter');
  await page.getByRole('alert').getByText('Choose a score first.').waitFor();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal((await answers()).length, 0);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox').waitFor();
  await send.press('Enter');
  await thanks.waitFor();
  const found = await until('the answer', async () => (await answers()).length === 1 && answers());
  assert.equal(found[0].score, 2);
  await visit.end();
});

const option = (/** @type {string} */ value, /** @type {string} */ label) => ({ value, label: { en: label } });
const link = { url: 'https://reviews.example/fiorini', label: { en: 'Tell others, too' } };
const REASONS = {
  follow_ups: [
    { from: 0, to: 6, choices: { options: [option('fit', 'The fit'), option('wait', 'The wait')], other: true } },
    { from: 9, to: 10, comment: false, choices: { pick: 'one', options: [option('look', 'The look'), option('fit', 'The fit')] } },
  ],
  thanks: [{ from: 9, to: 10, text: { en: 'How kind of you.' }, link }],
};

test('choices of the band, without a network, and none of the shopper before', async () => {
  const site = await stage.collector.site(REASONS);
  const { visit, page, point, send, comment, thanks, answers, assertNew } = await tablet('reasons', site);
  const row = (/** @type {string} */ name) => page.locator('label', { hasText: name });
  await visit.context.setOffline(true);
  await point('3 of 10').tap();
  await page.getByRole('group', { name: 'What went wrong for you?' }).waitFor();
  await visit.assertAccessible();
  await row('The wait').tap();
  await row('Something else').tap();
  await comment.fill('The dye');
  await point('2 of 10').tap();
  assert.equal(await page.locator('[name=choice]:checked').count(), 2, 'the same question, the same ticks');
  await send.tap();
  await thanks.waitFor();
  await page.clock.fastForward(8_100);
  await assertNew();

  await point('5 of 10').tap();
  assert.equal(await page.locator('[name=choice]:checked').count(), 0);
  await row('The fit').tap();
  await point('10 of 10').tap();
  await page.getByRole('group', { name: 'What did you like most?' }).waitFor();
  assert.equal(await page.locator('[name=choice]:checked').count(), 0, 'another question');
  assert.ok(!(await comment.isVisible()));
  await row('The fit').tap();
  await row('The look').tap();
  await visit.assertAccessible();
  await send.tap();
  await page.getByRole('status').getByText('How kind of you.').waitFor();
  assert.equal(await page.getByRole('link').count(), 0, 'nobody is led away');
  await page.clock.fastForward(8_100);
  await assertNew();

  await point('8 of 10').tap();
  await thanks.waitFor();
  assert.equal((await answers()).length, 0);
  await visit.context.setOffline(false);
  await page.reload();
  const found = await until('all of them', async () => (await answers()).length === 3 && answers());
  assert.deepEqual(found.map((/** @type {any} */ row) => [row.score, row.choices, row.comment]), [
    [2, ['wait', 'other'], 'The dye'], [10, ['look'], null], [8, [], null],
  ]);
  await visit.end(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
});

test('who walks away leaves no ticks, and what is taken back is taken back', async () => {
  const site = await stage.collector.site(REASONS);
  const { visit, page, point, send, thanks, answers, assertNew } = await tablet('ticks', site);
  await point('1 of 10').tap();
  await page.getByRole('checkbox', { name: 'The fit' }).check();
  await page.clock.fastForward(31_000);
  await assertNew();
  // By keyboard, the first choice is the next stop.
  await page.getByRole('radio', { name: '4 of 10' }).focus();
  await page.keyboard.press('Space');
  await send.press('Enter');
  await until('the focus moved on', () => page.getByRole('checkbox', { name: 'The fit' }).evaluate((box) => box.matches(':focus')));
  await page.keyboard.press('Space');
  await point('3 of 10').tap();
  await until('the tick arrived', async () => (await answers())[1]?.choices.length === 1);
  await page.getByRole('checkbox', { name: 'The fit' }).uncheck();
  await send.tap();
  await thanks.waitFor();
  const both = await until('it is taken back', async () => (await answers())[1].revision === 3 && answers());
  assert.deepEqual(both.map((/** @type {any} */ row) => [row.score, row.choices]), [[1, []], [3, []]]);
  await visit.end();
});
