// Where wasm is refused or absent: the hosted page in a frame, in the slot that the widget would have had.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
/** @type {string} a site whose survey is asked once in a while, as surveys are */
let site;
before(async () => {
  stage = await Stage.open();
  site = await stage.collector.site({ targeting: { recontact: { answered_days: 90, dismissed_days: 30, other_days: 0 } } });
});
after(() => stage.close());

/** The browser's own words on what its policy refuses. */
const REFUSALS = /wasm|WebAssembly|Content Security Policy/i;

const policy = (/** @type {string} */ frames) => {
  const { url } = stage.collector;
  return `default-src 'none'; style-src 'self'; script-src ${url}; connect-src ${url}; ${frames}; ` +
    "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'";
};

/** Ways to do without wasm. */
const WAYS = {
  'a policy without wasm': () => ({ policy: policy(`frame-src ${stage.collector.url}`) }),
  'a browser without wasm': () => ({ before: 'delete window.WebAssembly' }),
};

/**
 * The page in the frame.
 * @param {import('./visit.mjs').Visit} visit
 */
const framed = (visit) => visit.host.locator('iframe').contentFrame();

/**
 * @param {import('./visit.mjs').Visit} visit
 * @param {{url: string}} page
 */
async function ask(visit, page) {
  await visit.page.goto(page.url);
  await framed(visit).getByRole('group').waitFor().catch((error) => {
    assert.fail(`no question: ${JSON.stringify([visit.errors, visit.said, visit.requests])} ${error.message}`);
  });
  await visit.moment('shown');
}

for (const [name, way] of Object.entries(WAYS)) {
  test(`${name}: the question stands in a frame and is answered there`, async () => {
    const visit = await stage.visit();
    const tag = { 'data-ref': '1001', 'data-subject': 'c-77', 'data-debug': '' };
    const page = stage.shop.page({ site, tag, ...way() });
    // The height is that of letters of the right size.
    const styled = visit.page.waitForEvent('requestfinished', (request) => request.url().endsWith('/shop.css'));
    await visit.page.route('**/v1/*.js', async (route) => {
      await styled;
      await route.continue();
    });
    await ask(visit, page);
    const frame = framed(visit);
    assert.equal(await visit.host.locator('iframe').getAttribute('title'), await frame.getByRole('heading').textContent());
    const [slot, card] = [await visit.host.boundingBox(), await frame.locator('.card').boundingBox()];
    assert.ok(slot && card && card.y + card.height <= slot.y + slot.height, `all of it is in view: ${JSON.stringify([slot, card])}`);
    await frame.getByRole('radio', { name: '9 of 10' }).click();
    await frame.getByRole('button', { name: 'Send' }).click();
    await frame.getByRole('textbox').fill('Comfortable');
    const first = await stage.collector.answer(page.path, 1, site);
    assert.deepEqual([first.score, first.channel, first.ref, first.locale], [9, 'inline', '1001', 'en']);
    assert.match(visit.requests.find((url) => url.includes('/s/')) ?? '', /subject=c-77/);
    await visit.moment('answered');
    await frame.getByRole('button', { name: 'Send' }).click();
    assert.equal((await stage.collector.answer(page.path, 2, site)).comment, 'Comfortable');
    await frame.getByRole('heading', { name: /Thank/ }).waitFor();
    await visit.assertStill();
    assert.deepEqual((await visit.moments()).map(({ name: moment, detail }) => [moment, detail]),
      [['shown', { survey: 'nps' }], ['answered', { survey: 'nps' }]]);
    assert.ok(!visit.requests.some((url) => url.endsWith('.wasm')), 'nothing was downloaded in vain');
    await visit.assertAskedNothing(stage.shop.page({ site, tag, ...way() }));
    await visit.end(REFUSALS);
  });

  test(`${name}: the keyboard alone will do`, async () => {
    const visit = await stage.visit();
    const page = stage.shop.page({ site, ...way() });
    await ask(visit, page);
    const { keyboard } = visit.page;
    const frame = framed(visit);
    await visit.page.getByRole('heading', { name: 'Conero' }).click();
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await frame.getByRole('textbox').waitFor();
    assert.equal((await stage.collector.answer(page.path, 1, site)).score, 1);
    await visit.assertStill();
    await visit.end(REFUSALS);
  });
}

test('who says no is left alone', async () => {
  const visit = await stage.visit();
  const embedding = { site, tag: { 'data-debug': '' }, ...WAYS['a policy without wasm']() };
  await ask(visit, stage.shop.page(embedding));
  await framed(visit).getByRole('button', { name: 'No, thanks' }).click();
  await visit.moment('dismissed');
  await visit.assertStill();
  // The shopper's next tap closes the gap.
  await visit.page.getByRole('heading', { name: 'Conero' }).click();
  await visit.host.waitFor({ state: 'detached' });
  await visit.assertStill();
  assert.deepEqual(await stage.collector.answers(new URL(visit.page.url()).pathname, site), []);
  await visit.assertAskedNothing(stage.shop.page(embedding));
  await visit.end(REFUSALS);
});

test('a page may ask, hear and take back', async () => {
  const visit = await stage.visit();
  await visit.page.goto(stage.shop.page({ tag: { 'data-survey': 'nothing' }, survey: '', before: 'delete window.WebAssembly' }).url);
  await visit.page.evaluate(() => {
    const { parere } = /** @type {any} */ (globalThis);
    parere.on('dismissed', (/** @type {any} */ detail) => Object.assign(globalThis, { e2eHeard: detail.survey }));
    parere.show('ces');
  });
  await framed(visit).getByRole('radio').first().waitFor();
  assert.equal(await framed(visit).getByRole('radio').count(), 7);
  await visit.page.evaluate(() => /** @type {any} */ (globalThis).parere.dismiss());
  await visit.page.waitForFunction('e2eHeard === "ces"');
  assert.equal(await visit.host.locator('iframe').count(), 0);
  await visit.end();
});

test('frames refused, too: nothing for the shopper, one line for the merchant', async () => {
  const visit = await stage.visit();
  const page = stage.shop.page({ site, tag: { 'data-debug': '' }, policy: policy("frame-src 'self'") });
  await visit.page.goto(page.url);
  const { detail } = await visit.moment('error');
  assert.match(String(detail), /wasm-unsafe-eval.* to script-src, or http:\S+ to frame-src/);
  assert.equal(visit.said.filter((line) => line.includes('frame-src')).length, 1, `${visit.said}`);
  assert.equal(await visit.host.locator('iframe').count(), 0);
  await visit.page.getByRole('heading', { name: 'Conero' }).click();
  await visit.host.waitFor({ state: 'detached' });
  await visit.assertStill();
  await visit.end(REFUSALS);
});

test('a shop that is none of the site: nothing', async () => {
  const stranger = await stage.collector.site({});
  await stage.collector.api('PATCH', `/sites/${stranger}`, { origins: ['https://shop.example'] });
  const visit = await stage.visit();
  await visit.page.goto(stage.shop.page({ site: stranger, ...WAYS['a browser without wasm']() }).url);
  const { detail } = await visit.moment('error');
  assert.match(String(detail), /origin of the site/);
  assert.equal(await visit.host.locator('iframe').count(), 0);
  await visit.assertStill();
  await visit.end(/frame|refused/i);
});

for (const [what, survey] of Object.entries({
  'over the page': { placement: 'popover' },
  'after something has happened': { trigger: { on: 'seconds', seconds: 1 } },
  'on a condition': { targeting: { conditions: [{ fact: 'language', op: 'is', values: ['en'] }] } },
})) {
  test(`a question ${what} takes the widget`, async () => {
    const own = await stage.collector.site(survey);
    const visit = await stage.visit();
    await visit.page.goto(stage.shop.page({ site: own, survey: '', tag: { 'data-debug': '' }, before: 'delete window.WebAssembly' }).url);
    await until('the tag has said why', async () => visit.said.some((line) => line.includes('only wasm can tell')));
    assert.equal(await visit.page.locator('iframe').count(), 0);
    assert.deepEqual(await visit.moments(), []);
    await visit.end();
  });
}

test('the pinned tag holds the frame to its hash', async () => {
  const { scripts } = await (await fetch(`${stage.collector.url}/assets/inventory.json`)).json();
  const loader = scripts.find((/** @type {{name: string}} */ { name }) => name === 'parere-loader.js');
  const tag = { 'data-site': site, integrity: loader.integrity, crossorigin: 'anonymous' };
  const page = stage.shop.page({ script: new URL(loader.url).pathname, tag, ...WAYS['a policy without wasm']() });
  const visit = await stage.visit();
  await ask(visit, page);
  await visit.end(REFUSALS);
  const tricked = await stage.visit();
  await tricked.page.route('**/parere-frame-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()};globalThis.e2eEvil=1` });
  });
  await tricked.page.goto(page.url);
  await tricked.moment('error');
  assert.equal(await tricked.page.evaluate('globalThis.e2eEvil'), undefined);
  assert.equal(await tricked.host.locator('iframe').count(), 0);
  await tricked.end(/integrity|wasm|WebAssembly|Content Security Policy/i);
});
