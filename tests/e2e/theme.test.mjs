// A page that changes between light and dark while a question stands: the question changes with it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { tooWeak } from './contrast.mjs';
import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

// Slowly, as shops do it.
const STYLE = `html body { transition: color .3s, background-color .3s; }
  html.night body, html body.night, html[data-theme=night] body { color: #f2ece4; background: #16120f; }`;

/** Ways to change. @type {Record<string, (page: import('playwright-core').Page, dark: boolean) => Promise<unknown>>} */
const WAYS = {
  'as the browser does': (page, dark) => page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' }),
  'by a class of the body': (page, dark) => page.evaluate((on) => document.body.classList.toggle('night', on), dark),
  'by an attribute of the root': (page, dark) =>
    page.evaluate((on) => void (document.documentElement.dataset.theme = on ? 'night' : ''), dark),
};

for (const placement of ['inline', 'popover', 'bar', 'tab']) {
  for (const [way, change] of Object.entries(WAYS)) {
    test(`${placement}, ${way}`, async () => {
      const site = await stage.collector.site({ placement });
      const visit = await stage.visit();
      await visit.page.goto(stage.shop.page({ site, slot: placement === 'inline' ? 'sized' : 'none', style: STYLE }).url);
      if (placement === 'tab') await visit.host.getByRole('button', { name: 'Your opinion' }).click();
      await visit.asked();
      await visit.moment('shown');
      const ink = () => visit.host.locator('[part~=card]').evaluate((card) => {
        const [red, green, blue] = (getComputedStyle(card).color.match(/[\d.]+/g) ?? []).map(Number);
        return red + green + blue > 384 ? 'light' : 'dark';
      });
      for (const dark of [true, false]) {
        await change(visit.page, dark);
        await until(`letters of the other colour, ${dark}`, async () => (await ink()) === (dark ? 'light' : 'dark'));
        await until('they can be read', async () => (await tooWeak(visit)).length === 0);
      }
      await visit.end();
    });
  }
}

test('a question in a frame, too', async () => {
  const visit = await stage.visit();
  await visit.page.goto(stage.shop.page({ style: STYLE, before: 'delete window.WebAssembly' }).url);
  await visit.moment('shown');
  const frame = visit.host.locator('iframe');
  for (const [dark, scheme] of /** @type {[boolean, string][]} */ ([[true, 'dark'], [false, 'light']])) {
    await WAYS['by a class of the body'](visit.page, dark);
    await until(`the frame is ${scheme}`, () => frame.evaluate((node, wanted) => getComputedStyle(node).colorScheme === wanted, scheme));
  }
  await visit.end();
});
