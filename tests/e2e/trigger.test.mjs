// What a survey waits for: nothing stands before it has happened, and then the question does.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/**
 * A popover that waits for `trigger` on a long page; resolves when it waits.
 * @param {Record<string, unknown>} trigger
 * @param {{tag?: Record<string, string>, survey?: Record<string, unknown>, context?: object}} [more]
 */
async function waiting(trigger, { tag = {}, survey = {}, context = {} } = {}) {
  const site = await stage.collector.site({ placement: 'popover', trigger, ...survey });
  const visit = await stage.visit(context);
  const page = stage.shop.page({ site, slot: 'none', long: true, tag: { 'data-debug': '', ...tag } });
  await visit.page.goto(page.url);
  await until('it waits', async () => visit.said.some((line) => line.includes('nps: wait')));
  assert.equal(await visit.host.count(), 0);
  return { visit, page, site };
}

test('seconds in view', async () => {
  const { visit } = await waiting({ on: 'seconds', seconds: 1 });
  await visit.asked();
  await visit.end();
});

test('scrolled down', async () => {
  const { visit } = await waiting({ on: 'scroll', percent: 50 });
  await visit.page.evaluate(() => scrollTo({ top: 100, behavior: 'instant' }));
  await visit.frame();
  assert.equal(await visit.host.count(), 0, 'not yet');
  await visit.page.evaluate(() => scrollTo({ top: document.body.scrollHeight * 0.4, behavior: 'instant' }));
  await visit.asked();
  await visit.end();
});

test('the pointer leaves at the top', async () => {
  const { visit } = await waiting({ on: 'exit' });
  const leave = (/** @type {number} */ clientY) => visit.page.evaluate(
    (y) => document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientY: y, relatedTarget: null })), clientY,
  );
  await leave(300);
  await visit.frame();
  assert.equal(await visit.host.count(), 0, 'a side is no exit');
  await leave(0);
  await visit.asked();
  await visit.end();
});

test('a touch screen is flung upwards after lying still', async () => {
  const { visit } = await waiting({ on: 'exit' }, { context: { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } } });
  await visit.page.evaluate(() => scrollTo({ top: 800, behavior: 'instant' }));
  await visit.frame();
  assert.equal(await visit.host.count(), 0, 'downwards is reading');
  const still = Date.now() + 1_200;
  await until('it lay still', async () => Date.now() > still);
  await visit.page.evaluate(async () => {
    for (const top of [790, 700, 500]) {
      scrollTo({ top, behavior: 'instant' });
      await new Promise((resume) => requestAnimationFrame(resume));
    }
  });
  await visit.asked();
  await visit.end();
});

test('a click on a selector, and something in view', async () => {
  const click = await waiting({ on: 'click', selector: '#care' });
  await click.visit.page.getByText('Delivery').click();
  await click.visit.frame();
  assert.equal(await click.visit.host.count(), 0);
  await click.visit.page.locator('#care').click();
  await click.visit.asked();
  await click.visit.end();

  const view = await waiting({ on: 'in_view', selector: '#care' });
  await view.visit.page.locator('#care').scrollIntoViewIfNeeded();
  await view.visit.asked();
  await view.visit.end();
});

test('a selector that is none costs the page nothing', async () => {
  const { visit } = await waiting({ on: 'click', selector: ':::' });
  await visit.page.locator('#care').click();
  await visit.frame();
  assert.equal(await visit.host.count(), 0);
  await visit.end(/not a valid selector/);
});

test('an event whose properties fit', async () => {
  const properties = [{ fact: 'attribute', name: 'total', op: 'greater', values: ['50'] }];
  const { visit } = await waiting({ on: 'event', name: 'paid', properties });
  const track = (/** @type {string} */ name, /** @type {object} */ about) =>
    visit.page.evaluate(([event, said]) => /** @type {any} */ (globalThis).parere.track(event, said), [name, about]);
  await track('seen', { total: 99 });
  await track('paid', { total: 12.5 });
  await track('paid', {});
  await visit.frame();
  assert.equal(await visit.host.count(), 0);
  await track('paid', { total: 50.01 });
  await visit.asked();
  await visit.end();
});

test('a chat that ends, whether the tag has run or not', async () => {
  const chat = await readFile(new URL('../../www/snippets/chat.js', import.meta.url), 'utf8');
  const trigger = { on: 'event', name: 'chat_ended' };
  const { visit } = await waiting(trigger);
  await visit.page.addScriptTag({ content: chat });
  // What another frame or another chat says is none of ours.
  await visit.page.evaluate(() => postMessage('chat-ended', '*'));
  await visit.page.evaluate(() => document.dispatchEvent(new Event('chat:begun')));
  await visit.frame();
  assert.equal(await visit.host.count(), 0);
  await visit.page.evaluate(() => document.dispatchEvent(new Event('chat:ended')));
  await visit.asked();
  await visit.end();

  const site = await stage.collector.site({ placement: 'popover', trigger });
  const early = await stage.visit();
  const before = `${chat}\ndocument.dispatchEvent(new Event('chat:ended'));`;
  await early.page.goto(stage.shop.page({ site, slot: 'none', before }).url);
  await early.asked();
  await early.end();
});

test('an order is asked about once', async () => {
  const site = await stage.collector.site({ placement: 'popover', trigger: { on: 'purchase' } });
  const visit = await stage.visit();
  const order = (/** @type {string} */ ref) =>
    stage.shop.page({ site, slot: 'none', tag: { 'data-debug': '', ...(ref ? { 'data-ref': ref } : {}) } });
  const first = order('1001');
  await visit.ask(first);
  await visit.option(/^9 of 10/).click();
  assert.equal((await stage.collector.answer(first.path, 1, site)).ref, '1001');
  for (const [ref, asked] of [['1001', false], ['', false], ['1002', true]]) {
    visit.said.length = 0;
    await visit.page.goto(order(String(ref)).url);
    await until('it was judged', async () => visit.said.some((line) => line.includes('nps: ')));
    assert.equal(visit.said.some((line) => line.includes('nps: draw')), asked, `order ${ref}`);
  }
  await visit.end();
});

test('a survey in the page that waits takes its slot without moving anything in view', async () => {
  const site = await stage.collector.site({ trigger: { on: 'event', name: 'read' } });
  const visit = await stage.visit();
  await visit.page.goto(stage.shop.page({ site, slot: 'plain', below: true, tag: { 'data-debug': '' } }).url);
  await until('it waits', async () => visit.said.some((line) => line.includes('nps: wait')));
  await visit.page.evaluate(() => /** @type {any} */ (globalThis).parere.track('read'));
  await visit.reveal();
  await visit.assertStill();
  await visit.end();
});
