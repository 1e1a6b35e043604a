// What a merchant reads behind #parere-debug: why a question stands on this page, or why none does.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

/** @type {Stage} */
let stage;
/** @type {string} a site whose one survey is asked on phones alone */
let site;
before(async () => {
  stage = await Stage.open();
  const conditions = [{ fact: 'device', op: 'is', values: ['phone'] }];
  site = await stage.collector.site({ targeting: { conditions }, trigger: { on: 'seconds', seconds: 3000 } });
});
after(() => stage.close());

/**
 * A merchant before a page; the overlay's shadow root is opened to the test alone.
 * @param {object} [shopper]
 */
async function merchant(shopper) {
  const visit = await stage.visit(shopper);
  await visit.context.addInitScript(() => {
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (/** @type {ShadowRootInit} */ init) {
      const shadow = attachShadow.call(this, { ...init, mode: 'open' });
      if (init.mode === 'closed') this.setAttribute('data-closed', '');
      return shadow;
    };
  });
  const panel = visit.page.getByRole('dialog', { name: 'What parere does on this page' });
  const says = (/** @type {string | RegExp} */ text) => panel.getByText(text).first().waitFor();
  return { visit, page: visit.page, panel, says };
}

/** @param {{url: string}} page */
const debugged = (page) => `${page.url}#parere-debug`;

test('a shopper pays nothing for it', async () => {
  const visit = await stage.visit();
  await visit.ask(stage.shop.page());
  await visit.moment('shown');
  assert.ok(!visit.requests.some((url) => url.includes('parere-explain')));
  await visit.end();
});

for (const policy of ['open', 'strict']) {
  test(`each rule in plain words, under the policy ${policy}`, async () => {
    const { visit, page, panel, says } = await merchant();
    await page.goto(debugged(stage.shop.page({ site, policy })));
    await says('Not asked here: 1 of 10 rules refuse.');
    await says('Device: wants phone; this is a desktop.');
    await says('Address: any page will do.');
    await says(/The collector at http\S+ answers/);
    await says('WebAssembly is allowed: the widget asks.');
    await says('Slot: for nps.');
    await says('Storage: works.');
    await says('Prompt: none stands.');
    assert.equal(await panel.getByRole('listitem', { name: /^Refuses/ }).count(), 1);
    assert.equal(await page.locator('parere-debug').getAttribute('data-closed'), '', 'nobody else looks in');
    await visit.end();
  });
}

test('it opens on demand, says what stands, and closes by Escape', async () => {
  const { visit, page, panel, says } = await merchant();
  await visit.ask(stage.shop.page());
  const cart = page.getByRole('button', { name: 'Add to cart' });
  await cart.focus();
  await page.evaluate('location.hash = "#parere-debug"');
  await says('Prompt: it stands in the page.');
  await says('May be asked here. It waits for nothing.');
  await says('Slot: for nps, taken.');
  await page.keyboard.press('Tab');
  assert.ok(await panel.getByRole('button', { name: 'Look again' }).evaluate((button) => button.matches(':focus')));
  await visit.button('dismiss').press('Enter');
  await visit.question.waitFor({ state: 'detached' });
  await panel.getByRole('button', { name: 'Look again' }).press('Enter');
  await says('Prompt: none stands.');
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  assert.ok(await cart.evaluate((button) => button === document.activeElement), 'the focus is where it was');
  assert.equal(await page.evaluate('location.hash'), '');
  await page.evaluate('location.hash = "#parere-debug"');
  await panel.getByRole('button', { name: 'Close' }).click();
  await panel.waitFor({ state: 'detached' });
  await visit.end();
});

test('it opens where nothing could be asked', async () => {
  const { visit, page, says } = await merchant();
  const embedding = { site, survey: '', tag: { 'data-survey': 'nothing', 'data-consent': 'denied' } };
  await page.goto(stage.shop.page(embedding).url, { waitUntil: 'load' });
  await page.evaluate('location.hash = "#parere-debug"');
  await says('Prompt: none stands; data-survey lets only nothing be asked.');
  await says(/Consent: nothing is kept in this browser.*data-consent says denied/);
  await visit.end();
});

test('without wasm it says so', async () => {
  const { visit, page, says } = await merchant();
  await page.goto(debugged(stage.shop.page({ site, before: 'delete window.WebAssembly' })));
  await says(/WebAssembly is refused here/);
  await says(/The rules of the surveys can be told where WebAssembly is allowed/);
  await visit.end();
});

test('a collector that went away is named', async () => {
  const { visit, page, says } = await merchant();
  await page.route('**/v1/*.json', (route) => route.abort());
  await page.goto(debugged(stage.shop.page({ site })));
  await says(/does not answer/);
  await visit.end(/Failed to load resource|net::ERR_FAILED/);
});

for (const [device, shopper] of /** @type {[string, object][]} */ ([['phone', PHONE], ['desktop', {}]])) {
  for (const colorScheme of ['light', 'dark']) {
    test(`everybody can read it: ${device}, ${colorScheme}`, async () => {
      const { visit, page, panel, says } = await merchant({ ...shopper, colorScheme });
      await page.goto(debugged(stage.shop.page({ site })));
      await says(/rules refuse|May be asked/);
      await visit.assertAccessible('parere-debug');
      await visit.assertFitsWidth();
      const box = await panel.boundingBox();
      const size = page.viewportSize();
      assert.ok(box && size && box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height, JSON.stringify(box));
      await visit.end();
    });
  }
}
