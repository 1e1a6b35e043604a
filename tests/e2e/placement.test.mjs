// Prompts over the page: where they stand, what they never cover, and how they go.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const CORNERS = ['bottom_end', 'bottom_start', 'top_end', 'top_start'];

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/**
 * Places of the prompt and of every cart button, and whether they meet.
 * @param {import('./visit.mjs').Visit} visit
 */
async function layout(visit) {
  await visit.frame();
  return visit.page.evaluate(() => {
    const host = /** @type {Element} */ (document.querySelector('parere-survey[place]'));
    const box = host.getBoundingClientRect();
    const covered = [...document.querySelectorAll('button')].filter((button) => {
      const other = button.getBoundingClientRect();
      return other.left < box.right && box.left < other.right && other.top < box.bottom && box.top < other.bottom;
    });
    const { innerWidth, innerHeight } = window;
    const outside = box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight;
    return { place: host.getAttribute('place'), aside: host.hasAttribute('aside'), covered: covered.length, outside };
  });
}

for (const [name, device] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
  test(`a popover on a ${name} stands where it was put and covers no control`, async () => {
    for (const corner of CORNERS) {
      const site = await stage.collector.site({ placement: 'popover', position: corner });
      const visit = await stage.visit(device);
      await visit.ask(stage.shop.page({ site, slot: 'none', long: true }));
      const edge = corner.split('_')[0];
      assert.deepEqual(await layout(visit), {
        place: name === 'phone' ? `popover ${edge}` : `popover ${corner}`, aside: false, covered: 0, outside: false,
      });
      await visit.assertStill();
      await visit.end();

      const busy = await stage.visit(device);
      await busy.ask(stage.shop.page({ site, slot: 'none', long: true, carts: [corner] }));
      const { place, ...rest } = await layout(busy);
      assert.notEqual(place, `popover ${name === 'phone' ? edge : corner}`, `beside the cart in ${corner}`);
      assert.deepEqual(rest, { aside: false, covered: 0, outside: false });
      await busy.end();
    }
  });
}

test('with a control in every corner the popover waits, and comes when one is free', async () => {
  const site = await stage.collector.site({ placement: 'popover' });
  const visit = await stage.visit(DESKTOP);
  await visit.page.goto(stage.shop.page({ site, slot: 'none', long: true, carts: CORNERS }).url);
  await visit.host.waitFor({ state: 'attached' });
  assert.equal((await layout(visit)).aside, true);
  assert.equal(await visit.question.isVisible(), false);
  await visit.page.evaluate(() => {
    document.querySelector('.cart.top.start')?.remove();
    scrollTo(0, 10);
  });
  await visit.question.waitFor();
  assert.deepEqual(await layout(visit), { place: 'popover top_start', aside: false, covered: 0, outside: false });
  await visit.end();
});

test('a bar stands across an edge', async () => {
  for (const edge of ['bottom', 'top']) {
    const site = await stage.collector.site({ placement: 'bar', position: edge });
    const visit = await stage.visit(DESKTOP);
    const page = stage.shop.page({ site, slot: 'none', long: true });
    await visit.ask(page);
    assert.deepEqual(await layout(visit), { place: `bar ${edge}`, aside: false, covered: 0, outside: false });
    assert.equal((await visit.host.boundingBox())?.width, 1280);
    await visit.assertAccessible('parere-survey');
    await visit.option(/^9 of 10/).click();
    assert.equal((await stage.collector.answer(page.path, 1, site)).channel, 'bar');
    await visit.end();
  }
});

test('a tab opens on demand, folds, and counts only when opened', async () => {
  const site = await stage.collector.site({ placement: 'tab', targeting: {} });
  const visit = await stage.visit(DESKTOP);
  const page = stage.shop.page({ site, slot: 'none', long: true });
  await visit.page.goto(page.url);
  const tab = visit.host.getByRole('button', { name: 'Your opinion' });
  await tab.waitFor();
  assert.equal(await visit.question.isVisible(), false);
  await visit.assertAccessible('parere-survey');
  assert.deepEqual(await visit.moments(), []);
  await tab.click();
  await visit.question.waitFor();
  await visit.moment('shown');
  await visit.assertAccessible('parere-survey');
  await visit.page.keyboard.press('Escape');
  await visit.question.waitFor({ state: 'hidden' });
  assert.equal(await tab.evaluate((node) => node.matches(':focus')), true, 'the focus is back on the tab');
  assert.equal(await tab.getAttribute('aria-expanded'), 'false');
  assert.equal(await visit.page.evaluate(() => localStorage.length), 0, 'opening is no reason to be left alone');
  await tab.press('Enter');
  await visit.option(/^3 of 10/).click();
  assert.equal((await stage.collector.answer(page.path, 1, site)).channel, 'tab');
  await visit.end();
});

test('a popover goes by its cross, and the focus returns where it was', async () => {
  const site = await stage.collector.site({ placement: 'popover' });
  const visit = await stage.visit(DESKTOP);
  await visit.ask(stage.shop.page({ site, slot: 'none', long: true }));
  const cart = visit.page.getByRole('button', { name: 'Add to cart' });
  await cart.focus();
  const cross = visit.host.getByRole('button', { name: 'Close' });
  await until('the cross has the focus', async () => {
    await visit.page.keyboard.press('Tab');
    return cross.evaluate((node) => node.matches(':focus'));
  });
  await visit.page.keyboard.press('Enter');
  await visit.host.waitFor({ state: 'detached' });
  assert.equal(await cart.evaluate((node) => node === document.activeElement), true);
  await visit.moment('dismissed');
  await visit.end();
});
