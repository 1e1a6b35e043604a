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
      await busy.assertStill('nobody has seen it anywhere else');
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

/**
 * A control of the shop comes to hover where the prompt stands.
 * @param {import('./visit.mjs').Visit} visit
 * @param {string} corner
 */
async function hoverCart(visit, corner) {
  await visit.page.evaluate((where) => {
    const cart = document.createElement('button');
    cart.className = `cart ${where}`;
    cart.textContent = 'Add to cart';
    document.body.append(cart);
    dispatchEvent(new Event('scroll'));
  }, corner.replace('_', ' '));
}

/** Kind, device, language, the first place and all that are then taken from it one after the other. @type {[string, typeof PHONE | typeof DESKTOP, string, string[]][]} */
const MOVES = [
  ['popover', DESKTOP, 'en', ['bottom_end', 'bottom_start', 'top_end', 'top_start']],
  ['popover', DESKTOP, 'ar', ['bottom_end', 'bottom_start', 'top_end', 'top_start']],
  ['popover', PHONE, 'en', ['bottom', 'top']],
  ['bar', DESKTOP, 'en', ['bottom', 'top']],
  ['bar', PHONE, 'ar', ['top', 'bottom']],
];

for (const [kind, device, language, [first, ...others]] of MOVES) {
  test(`a ${kind} that makes way from ${first}, in ${language} on ${device.viewport.width} px, moves nothing in the layout`, async () => {
    const position = kind === 'popover' && device === PHONE ? `${first}_end` : first;
    const site = await stage.collector.site({ placement: kind, position, languages: [language] });
    const visit = await stage.visit(device);
    await visit.ask(stage.shop.page({ site, slot: 'none', long: true, lang: language }));
    await visit.moment('shown');
    assert.deepEqual(await layout(visit), { place: `${kind} ${first}`, aside: false, covered: 0, outside: false });
    let taken = first;
    for (const place of others) {
      // A finger's width of an edge is enough to be in the way.
      await hoverCart(visit, kind === 'popover' && device !== PHONE ? mirrored(taken, language) : `${taken}_end`);
      const stands = { place: `${kind} ${place}`, aside: false, covered: 0, outside: false };
      await until(`it stands at ${place}`, async () => (await layout(visit)).place === stands.place);
      assert.deepEqual(await layout(visit), stands);
      taken = place;
    }
    await visit.assertStill();
    // It stands at the same edge when the window changes, and when it grows.
    const { width, height } = device.viewport;
    const edge = async () => {
      await visit.frame();
      const { top, bottom } = await visit.host.evaluate((host) => host.getBoundingClientRect().toJSON());
      return taken.startsWith('top') ? top : (visit.page.viewportSize()?.height ?? 0) - bottom;
    };
    const before = await edge();
    await visit.page.setViewportSize({ width: width - 20, height: height - 40 });
    await until('it has followed the window', async () => (await edge()) === before && !(await layout(visit)).outside);
    const tall = (await visit.host.boundingBox())?.height ?? 0;
    await visit.option(/^9 /).click();
    await visit.comment.waitFor();
    await until('it has grown', async () => ((await visit.host.boundingBox())?.height ?? 0) !== tall);
    assert.equal(await edge(), before);
    assert.equal((await layout(visit)).outside, false);
    await visit.assertStill();
    await visit.end();
  });
}

/**
 * The shop's corners are named as in a page from left to right.
 * @param {string} corner
 * @param {string} language
 */
function mirrored(corner, language) {
  if (language !== 'ar') return corner;
  return corner.endsWith('end') ? corner.replace('end', 'start') : corner.replace('start', 'end');
}

for (const language of ['en', 'ar']) {
  test(`a tab in ${language} makes way across the page, and opens there`, async () => {
    const site = await stage.collector.site({ placement: 'tab', languages: [language] });
    const visit = await stage.visit(DESKTOP);
    await visit.page.goto(stage.shop.page({ site, slot: 'none', long: true, lang: language }).url);
    const tab = visit.host.getByRole('button').first();
    await tab.waitFor();
    const isAtEdge = async () => {
      await visit.frame();
      const { left, right } = await visit.host.locator('[part~=card]').evaluate((card) => card.getBoundingClientRect().toJSON());
      return [left === 0, right === 1280];
    };
    assert.deepEqual(await isAtEdge(), language === 'en' ? [false, true] : [true, false]);
    await visit.page.evaluate((isLeft) => {
      const cart = document.createElement('button');
      cart.style.cssText = `position:fixed;bottom:15%;width:60px;height:40px;${isLeft ? 'left' : 'right'}:0`;
      document.body.append(cart);
      dispatchEvent(new Event('scroll'));
    }, language === 'ar');
    await until('it stands on the other side', async () => (await layout(visit)).place === 'tab start');
    assert.deepEqual(await isAtEdge(), language === 'en' ? [true, false] : [false, true]);
    await visit.assertStill();
    await tab.click();
    await visit.question.waitFor();
    assert.deepEqual(await isAtEdge(), language === 'en' ? [true, false] : [false, true]);
    await visit.assertStill();
    await visit.end();
  });
}
