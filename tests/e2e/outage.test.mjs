// The network and the collector go away at the worst moment; the answer arrives all the same, exactly once.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
afterEach(() => stage.collector.start());
after(() => stage.close());

// The browser itself logs each request that found nobody.
const NOBODY = /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INTERNET_DISCONNECTED|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE)/;

/** A page of the shop that asks nothing. */
const quiet = () => stage.shop.page({ slot: 'none', tag: { 'data-survey': 'nothing' } });

test('down at the tap, back at the next page view', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.attended(page);
  await stage.collector.stop();
  await visit.option(/^9 of 10/).click();
  await visit.moment('answered');
  await visit.comment.fill('Said while you were away');
  await visit.button('submit').click();
  await visit.thanks.waitFor();

  await stage.collector.start();
  await visit.page.goto(quiet().url);
  const answer = await stage.collector.answer(page.path, 2);
  assert.deepEqual([answer.score, answer.comment], [9, 'Said while you were away']);
  assert.ok(answer.occurred_at < answer.received_at, 'it was said before it came');

  // Acknowledged is forgotten: a further page has nothing to send.
  await until('the outbox is empty', () =>
    visit.page.evaluate(() => !Object.values(localStorage).some((kept) => kept.includes('Said while you were away'))));
  const sent = visit.sent.length;
  await visit.page.goto(quiet().url, { waitUntil: 'networkidle' });
  assert.equal(visit.sent.length, sent);
  assert.equal((await stage.collector.answers(page.path)).length, 1);
  await visit.end(NOBODY);
});

test('still down when the page is left', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.attended(page);
  await stage.collector.stop();
  await visit.option(/^5 of 10/).click();
  await visit.moment('answered');
  await visit.page.goto(stage.shop.page({ place: 'none' }).url);
  await stage.collector.start();
  assert.equal((await stage.collector.answers(page.path)).length, 0);
  await visit.page.goto(quiet().url);
  assert.equal((await stage.collector.answer(page.path, 1)).score, 5);
  await visit.end(NOBODY);
});

test('the page left right after the tap', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  // In one task of the page: nothing of ours gets a turn between the tap and the leaving.
  const away = quiet().url;
  const left = visit.page.waitForURL(away);
  await visit.page.evaluate((url) => {
    const tapAndLeave = () => {
      const root = document.querySelector('parere-survey')?.shadowRoot;
      /** @type {HTMLInputElement} */ (root?.querySelector('input[value="7"]')).click();
      location.href = url;
    };
    // After this call has come back: the browser would forget to answer it on its way out.
    setTimeout(tapAndLeave);
  }, away);
  await left;
  assert.equal((await stage.collector.answer(page.path, 1)).score, 7);
  await visit.end(NOBODY);
});

test('the page closed right after the tap', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.ask(page);
  await visit.option(/^6 of 10/).click();
  await visit.page.close();
  assert.equal((await stage.collector.answer(page.path, 1)).score, 6);
  await visit.end();
});

test('no network at the tap, and back while the page is still open', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.attended(page);
  await visit.context.setOffline(true);
  await visit.option(/^10 of 10/).click();
  await visit.moment('answered');
  assert.equal((await stage.collector.answers(page.path)).length, 0);
  await visit.context.setOffline(false);
  assert.equal((await stage.collector.answer(page.path, 1)).score, 10);
  await visit.end(NOBODY);
});

test('put off by the collector, the answer is sent again after the time it named', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.attended(page);
  /** @type {number[]} */
  const tries = [];
  await visit.page.route('**/v1/responses', async (route) => {
    tries.push(Date.now());
    if (tries.length > 1) return route.continue();
    const headers = { 'retry-after': '3', 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };
    return route.fulfill({ status: 503, headers, contentType: 'application/problem+json', body: '{}' });
  });
  await visit.option(/^4 of 10/).click();
  assert.equal((await stage.collector.answer(page.path, 1)).score, 4);
  assert.ok(tries[1] - tries[0] >= 3_000, `came back after ${tries[1] - tries[0]} ms`);
  await visit.end(/503/);
});

test('two tabs empty one outbox, and nothing is stored twice', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.attended(page);
  await stage.collector.stop();
  await visit.option(/^1 of 10/).click();
  await visit.moment('answered');
  await stage.collector.start();
  const other = await visit.context.newPage();
  await Promise.all([visit.page.goto(quiet().url), other.goto(quiet().url)]);
  await stage.collector.answer(page.path, 1);
  await until('the outbox is empty', () =>
    other.evaluate((path) => !Object.values(localStorage).some((kept) => kept.includes(path)), page.path));
  assert.equal((await stage.collector.answers(page.path)).length, 1);
  await visit.end(NOBODY);
});

test('a collector that is down costs the page nothing', async () => {
  await stage.collector.stop();
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.page.goto(page.url);
  await visit.page.getByRole('button', { name: 'Add to cart' }).click();
  await visit.assertStill();
  await visit.end(NOBODY);
  await stage.collector.start();
});

test('a tap before the second half of the widget is there', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  const answering = await visit.hold('**/parere-answer-*.wasm');
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await answering.asked();
  assert.deepEqual(visit.sent, []);
  await answering.go();
  assert.equal((await stage.collector.answer(page.path, 1)).score, 9);
  await visit.comment.waitFor();
  await visit.end();
});

test('sent away before the second half of the widget is there', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  const answering = await visit.hold('**/parere-answer-*.wasm');
  await visit.ask(page);
  await visit.button('dismiss').click();
  await answering.asked();
  await answering.go();
  await visit.host.waitFor({ state: 'detached' });
  await visit.moment('dismissed');
  await visit.end();
});

test('sent away by Escape before the second half of the widget is there', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  const answering = await visit.hold('**/parere-answer-*.wasm');
  await visit.ask(page);
  await visit.points.first().focus();
  await visit.page.keyboard.press('Escape');
  await answering.asked();
  await answering.go();
  await visit.host.waitFor({ state: 'detached' });
  assert.deepEqual((await visit.moments()).map(({ name }) => name), ['shown', 'dismissed']);
  await visit.end();
});

test('the page left before the second half of the widget is there', async () => {
  const page = stage.shop.page({ tag: { 'data-ref': '1001' } });
  const visit = await stage.visit();
  await visit.page.route('**/parere-answer-*.wasm', () => {});
  await visit.ask(page);
  await visit.linger();
  await visit.option(/^9 of 10/).click();
  await visit.page.goto('about:blank');
  const answer = await stage.collector.answer(page.path, 1);
  assert.deepEqual([answer.score, answer.ref, answer.flags, answer.channel], [9, '1001', [], 'inline']);
  await visit.page.unrouteAll({ behavior: 'ignoreErrors' });
  // What was kept beside is known to be the same.
  await visit.page.goto(page.url);
  await until('nothing waits any more', () => visit.page.evaluate(() => !Object.keys(localStorage).join().includes('.out.')));
  assert.equal((await stage.collector.answers(page.path)).length, 1);
  await visit.end();
});

test('tapped, and the second half of the widget cannot be had: the prompt leaves, and the next page sends the answer', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  const answering = await visit.hold('**/parere-answer-*.wasm');
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await answering.asked();
  await answering.lose();
  await visit.question.waitFor({ state: 'detached' });
  await visit.assertStill();
  assert.deepEqual((await visit.moments()).map(({ name }) => name), ['error'], 'once, and nothing else');
  assert.equal((await stage.collector.answers(page.path)).length, 0);
  await visit.page.unrouteAll({ behavior: 'ignoreErrors' });
  await visit.page.goto(quiet().url);
  assert.equal((await stage.collector.answer(page.path, 1)).score, 9);
  await until('nothing waits any more', () => visit.page.evaluate(() => !Object.keys(localStorage).join().includes('.out.')));
  await visit.end(/Failed to load resource|net::ERR_FAILED/);
});

test('the second half of the widget cannot be had: nothing dead is left on the page', async () => {
  const visit = await stage.visit();
  await visit.page.route('**/parere-answer-*.wasm', (route) => route.abort());
  await visit.page.goto(stage.shop.page().url);
  await visit.moment('error');
  await visit.question.waitFor({ state: 'detached' });
  await visit.assertStill();
  // The shopper's next tap closes the gap.
  await visit.page.getByRole('heading', { name: 'Conero' }).click();
  await visit.host.waitFor({ state: 'detached' });
  await visit.assertStill();
  await visit.end(/Failed to load resource|net::ERR_FAILED/);
});
