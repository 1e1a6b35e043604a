// The prompt for everyone: every kind of question and every placement, each state of it, on small screens, with large
// text, in forced colours, without motion, and by keys alone. Themes and languages are in matrix.test.mjs.
//
// The tables below are multiplied with each other: a line more is a case more of each.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { tooWeak } from './contrast.mjs';
import { Stage } from './stage.mjs';

/** Kinds of questions. @type {Record<string, {metric: string, scale: object}>} */
const KINDS = {
  nps: { metric: 'nps', scale: { min: 0, max: 10, polarity: 'high_is_good', look: 'numbers' } },
  effort: { metric: 'ces', scale: { min: 1, max: 7, polarity: 'low_is_good', look: 'numbers' } },
  stars: { metric: 'csat', scale: { min: 1, max: 5, polarity: 'high_is_good', look: 'stars' } },
  faces: { metric: 'csat', scale: { min: 1, max: 5, polarity: 'high_is_good', look: 'faces' } },
  thumbs: { metric: 'csat', scale: { min: 0, max: 1, polarity: 'high_is_good', look: 'thumbs' } },
};

/** Prompts that do not stand in the page. */
const PLACEMENTS = ['popover', 'bar', 'tab'];

/**
 * States of the prompt, each reached from the one before.
 * @type {Record<string, (visit: import('./visit.mjs').Visit) => Promise<unknown>>}
 */
const STATES = {
  question: (visit) => visit.asked(),
  'follow-up': async (visit) => {
    await visit.host.locator('[part~=option]').first().click();
    await visit.comment.fill('Ottime scarpe, davvero');
    // What is under the pointer looks as if it were chosen.
    await visit.page.mouse.move(0, 0);
  },
  thanks: async (visit) => {
    await visit.button('submit').click();
    await visit.thanks.waitFor();
  },
};

/**
 * What a shopper's device may be like, and what must hold there beside the rules of axe.
 * @typedef {object} Device
 * @property {import('playwright-core').ViewportSize} [size]
 * @property {NonNullable<Parameters<import('playwright-core').Page['emulateMedia']>[0]>} [media]
 * @property {string} [style] rules of the page
 * @property {(visit: import('./visit.mjs').Visit) => Promise<unknown>} [check] in every state
 */

const LARGE = 'html body { font-size: 36px; }';

/** Room for the highest card: in a smaller slot it waits for the shopper's next tap. */
const ROOM = 'html parere-survey[data-sized] { min-height: 60rem; }';

/** @type {Record<string, Device>} */
const DEVICES = {
  'on a screen 320 px wide': { size: { width: 320, height: 640 } },
  'with text of twice the size': { size: { width: 640, height: 900 }, style: LARGE, check: assertUncut },
  'with text of twice the size on a screen 320 px wide': { size: { width: 320, height: 640 }, style: LARGE, check: assertUncut },
  'in forced colours': { media: { forcedColors: 'active' }, check: assertToldApart },
  'in forced dark colours': { media: { forcedColors: 'active', colorScheme: 'dark' }, check: assertToldApart },
  'without motion': { check: assertNoMotion },
};

/** What stands on a desktop by day: no device changes more than it says. */
const SIZE = { width: 1280, height: 800 };
const MEDIA = /** @type {const} */ ({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' });

/** Pointers and fingers hit what is this large (WCAG 2.2, 2.5.8). */
const TARGET_PX = 24;

const SITE = 'pk_access';

/** @type {Stage} */
let stage;
/** @type {import('./visit.mjs').Visit} */
let visit;
before(async () => {
  stage = await Stage.open();
  await stage.collector.api('POST', '/sites', { site: SITE, name: 'Access', zone: 'Europe/Rome', origins: [stage.shop.url] });
  const targeting = { recontact: { answered_days: 0, dismissed_days: 0, other_days: 0 } };
  for (const [slug, kind] of Object.entries(KINDS)) {
    const survey = { slug, state: 'live', languages: ['en'], brand: 'Bottega Fiorini', targeting, ...kind };
    await stage.collector.api('POST', `/sites/${SITE}/surveys`, survey);
  }
  for (const placement of PLACEMENTS) {
    const survey = { slug: placement, state: 'live', languages: ['en'], placement, targeting, ...KINDS.nps };
    await stage.collector.api('POST', `/sites/${SITE}/surveys`, survey);
  }
  visit = await stage.visit();
});
after(async () => {
  await visit.end();
  await stage.close();
});

/**
 * Opens a page that asks `survey`.
 * @param {string} survey
 * @param {Device} device
 */
async function open(survey, { size = SIZE, media, style = '' }) {
  await visit.page.setViewportSize(size);
  await visit.page.emulateMedia({ ...MEDIA, ...media });
  const slot = PLACEMENTS.includes(survey) ? 'none' : 'sized';
  // On a small screen the shop's own button is further down: what would lie over it waits.
  const page = stage.shop.page({ site: SITE, survey, slot, long: size !== SIZE, style: ROOM + style, tag: { 'data-survey': survey } });
  await visit.page.goto(page.url);
  if (survey === 'tab') await visit.host.getByRole('button', { name: 'Your opinion' }).click();
  return page;
}

/**
 * Goes through all states, and holds each to the rules.
 * @param {Device} device
 */
async function assertAccess({ check }) {
  for (const [state, reach] of Object.entries(STATES)) {
    await reach(visit);
    await visit.assertAccessible('parere-survey');
    await visit.assertFitsWidth();
    assert.deepEqual(await tooWeak(visit), [], state);
    assert.deepEqual(await tooSmall(), [], state);
    await check?.(visit);
  }
}

/** Controls that a pointer misses. */
async function tooSmall() {
  return visit.host.evaluate((host, least) => {
    const controls = [.../** @type {ShadowRoot} */ (host.shadowRoot).querySelectorAll('[part=option], button, textarea')];
    const boxes = controls.filter((control) => control.checkVisibility()).map((control) => control.getBoundingClientRect());
    return boxes.filter(({ width, height }) => width < least || height < least).map((box) => `${box.width} × ${box.height}`);
  }, TARGET_PX);
}

/** The chosen point differs from the others by more than what a forced palette takes away. */
async function assertToldApart() {
  const drawn = await visit.host.evaluate((host) => {
    const points = [.../** @type {ShadowRoot} */ (host.shadowRoot).querySelectorAll('input')].filter((point) => point.checkVisibility());
    const looks = points.map((point) => {
      const [cell, icon] = [point.nextElementSibling, point.parentElement?.querySelector('svg')].map((node) => node && getComputedStyle(node));
      return `${cell?.backgroundColor} ${cell?.borderTopColor} ${icon?.fill}`;
    });
    const chosen = points.findIndex((point) => point.checked);
    return { chosen: looks[chosen], others: looks.filter((_, at) => at !== chosen) };
  });
  if (drawn.chosen) assert.ok(!drawn.others.includes(drawn.chosen), `${drawn.chosen} as all others`);
}

/** No text is wider than what it stands in. */
async function assertUncut() {
  const cut = await visit.host.evaluate((host) =>
    [.../** @type {ShadowRoot} */ (host.shadowRoot).querySelectorAll('span, legend, button, label, p')]
      .filter((node) => node.checkVisibility() && node.clientWidth > 1 && node.scrollWidth > node.clientWidth)
      .map((node) => `${node.localName} ${node.textContent}`));
  assert.deepEqual(cut, []);
}

async function assertNoMotion() {
  assert.equal(await visit.host.evaluate((host) => /** @type {ShadowRoot} */ (host.shadowRoot).getAnimations().length), 0);
}

for (const survey of [...Object.keys(KINDS), ...PLACEMENTS]) {
  for (const [name, device] of Object.entries(DEVICES)) {
    test(`${survey} ${name}`, async () => {
      await open(survey, device);
      await assertAccess(device);
    });
  }
}

for (const kind of Object.keys(KINDS)) {
  test(`${kind} by keys alone`, async () => {
    const page = await open(kind, {});
    await visit.asked();
    assert.deepEqual(await walk('Tab', 4), ['point 0', 'never', 'dismiss', 'Add to cart']);
    assert.deepEqual(await walk('Shift+Tab', 3), ['dismiss', 'never', 'point 0']);
    await visit.page.keyboard.press('ArrowRight');
    await visit.page.keyboard.press('Enter');
    await stage.collector.answer(page.path, 1, SITE);
    assert.deepEqual(await walk('Tab', 4), ['comment', 'dismiss', 'submit', 'Add to cart']);
    assert.deepEqual(await walk('Shift+Tab', 4), ['submit', 'dismiss', 'comment', 'point 1']);
    assert.deepEqual(await walk('Tab', 3), ['comment', 'dismiss', 'submit']);
    await visit.page.keyboard.press('Enter');
    await visit.thanks.waitFor();
    assert.equal((await focused()).name, 'thanks', 'the focus is not lost');
    assert.deepEqual(await walk('Tab', 1), ['Add to cart']);
  });
}

/** What has the focus, one Tab after the other, before the score and after it. @type {Record<string, [string[], string[]]>} */
const STOPS = {
  popover: [['close', 'point 0', 'never', 'dismiss'], ['comment', 'dismiss', 'submit']],
  bar: [['close', 'point 0', 'never', 'dismiss'], ['comment', 'dismiss', 'submit']],
  tab: [['tab', 'point 0', 'never', 'dismiss'], ['comment', 'dismiss', 'submit']],
};

for (const [placement, [before, behind]] of Object.entries(STOPS)) {
  test(`${placement} by keys alone, and the focus returns`, async () => {
    const page = await open(placement, {});
    await visit.asked();
    const cart = visit.page.getByRole('button', { name: 'Add to cart' });
    await cart.focus();
    assert.deepEqual(await walk('Tab', before.length), before);
    assert.deepEqual(await walk('Shift+Tab', before.length), [...before].reverse().slice(1).concat('Add to cart'));
    await walk('Tab', 2);
    await visit.page.keyboard.press('Space');
    await stage.collector.answer(page.path, 1, SITE);
    await visit.comment.waitFor();
    assert.deepEqual(await walk('Tab', behind.length), behind);
    await visit.page.keyboard.press('Enter');
    await visit.thanks.waitFor();
    assert.equal((await focused()).name, 'thanks');
    await visit.page.keyboard.press('Escape');
    await visit.host.waitFor({ state: 'detached' });
    if (placement !== 'tab') assert.equal((await focused()).name, 'Add to cart');
  });
}

test('the statement keeps to what it says', async () => {
  await visit.page.setViewportSize({ width: 320, height: 640 });
  await visit.page.goto(`${stage.collector.url}/accessibility`);
  await visit.page.getByRole('heading', { name: 'How it is tested' }).waitFor();
  await visit.assertAccessible();
  await visit.assertFitsWidth();
});

/** What has the focus, and whether one can see that. */
async function focused() {
  return visit.page.evaluate(() => {
    const within = document.activeElement?.shadowRoot?.activeElement;
    const element = within ?? document.activeElement;
    const points = [...(document.activeElement?.shadowRoot?.querySelectorAll('input') ?? [])];
    const at = points.indexOf(/** @type {HTMLInputElement} */ (element));
    const drawn = at < 0 ? element : element?.nextElementSibling;
    const { outlineStyle, outlineWidth } = getComputedStyle(/** @type {Element} */ (drawn));
    const name = at < 0 ? element?.getAttribute('part') ?? element?.textContent : `point ${at}`;
    return { name, isSeen: !within || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) };
  });
}

/**
 * Presses a key, and again.
 * @param {string} key
 * @param {number} times
 */
async function walk(key, times) {
  const names = [];
  for (let step = 0; step < times; step += 1) {
    await visit.page.keyboard.press(key);
    const { name, isSeen } = await focused();
    assert.ok(isSeen, `${name} shows that it has the focus`);
    names.push(name);
  }
  return names;
}
