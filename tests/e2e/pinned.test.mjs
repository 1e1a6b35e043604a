// The tag for shops that pin their scripts: one hash holds everything that runs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
/** @type {{name: string, url: string, integrity: string}[]} */
let scripts;
before(async () => {
  stage = await Stage.open();
  ({ scripts } = await (await fetch(`${stage.collector.url}/assets/inventory.json`)).json());
});
after(() => stage.close());

/**
 * A shop's page that pins the tag.
 * @param {import('./shop.mjs').Embedding} [embedding]
 * @param {Record<string, string>} [attributes] of the tag
 */
function pinned(embedding = {}, attributes = {}) {
  const loader = scripts.find(({ name }) => name === 'parere-loader.js');
  assert.ok(loader, 'the tag is in the inventory');
  const tag = { 'data-site': 'pk_demo', integrity: loader.integrity, crossorigin: 'anonymous', ...attributes };
  return stage.shop.page({ ...embedding, script: new URL(loader.url).pathname, tag });
}

for (const policy of ['open', 'strict', `script-src 'nonce-abc' 'wasm-unsafe-eval'`]) {
  test(`the question is asked and answered under the policy ${policy}`, async () => {
    const page = pinned({ policy }, { nonce: 'abc', 'data-ref': '1001' });
    const visit = await stage.visit();
    await visit.ask(page);
    await visit.option(/^9 of 10/).click();
    const answer = await stage.collector.answer(page.path, 1);
    assert.deepEqual([answer.score, answer.ref, answer.channel], [9, '1001', 'inline']);
    await visit.assertStill();
    const paths = visit.requests.map((url) => new URL(url).pathname);
    assert.ok(paths.includes('/v1/pk_demo.json') && !paths.includes('/v1/pk_demo.js'), `${paths}`);
    const loaded = paths.filter((path) => path.startsWith('/assets/') && path.endsWith('.js'));
    assert.equal(new Set(loaded).size, loaded.length, `each script is fetched once: ${loaded}`);
    await visit.end();
  });
}

test('a page on which nothing is asked loads nothing more', async () => {
  const page = pinned({ survey: '' }, { 'data-survey': 'nothing', 'data-debug': '' });
  const visit = await stage.visit();
  await visit.page.goto(page.url, { waitUntil: 'networkidle' });
  const paths = visit.requests.map((url) => new URL(url).pathname).filter((path) => !/^\/(products|shop)/.test(path));
  assert.equal(paths.length, 2, `the tag and its gates: ${paths}`);
  await visit.end();
});

test('calls that come before the gates wait for them', async () => {
  const page = pinned({ survey: '' }, { 'data-survey': 'nothing' });
  const visit = await stage.visit();
  await visit.page.route('**/v1/pk_demo.json', async (route) => {
    await visit.page.waitForFunction(() => /** @type {any} */ (globalThis).e2eAsked);
    await route.continue();
  });
  await visit.page.goto(page.url, { waitUntil: 'domcontentloaded' });
  await visit.page.waitForFunction(() => 'parere' in globalThis);
  await visit.page.evaluate(() => {
    const noted = /** @type {any} */ (globalThis);
    noted.parere.show('ces');
    noted.e2eAsked = true;
  });
  await visit.asked();
  assert.equal(await visit.points.count(), 7);
  await visit.end();
});

/**
 * Opens a page that pins the tag, with something after the widget's files.
 * @param {string} kind of file
 * @param {string} added
 */
async function tampered(kind, added) {
  const visit = await stage.visit();
  const isWidget = (/** @type {URL} */ { pathname }) =>
    pathname.endsWith(`.${kind}`) && scripts.some(({ name, url }) => name !== 'parere-loader.js' && url.endsWith(pathname));
  let changed = 0;
  await visit.page.route(isWidget, async (route) => {
    changed += 1;
    const response = await route.fetch();
    await route.fulfill({ response, body: Buffer.concat([await response.body(), Buffer.from(added)]) });
  });
  await visit.page.goto(pinned().url);
  await until('the question or an error', async () => (await visit.moments()).length > 0);
  assert.ok(changed > 0);
  return visit;
}

for (const [kind, added] of [['js', ';globalThis.e2eEvil=1'], ['wasm', '\0\x02\x01x']]) {
  test(`another widget.${kind} than the pinned one is not run`, async () => {
    const honest = await tampered(kind, '');
    await honest.asked();
    await honest.end();
    const visit = await tampered(kind, added);
    assert.deepEqual((await visit.moments()).map(({ name }) => name), ['error']);
    assert.equal(await visit.question.count(), 0);
    assert.equal(await visit.page.evaluate('globalThis.e2eEvil'), undefined);
    await visit.end(/integrity/);
  });
}

test('another tag than the pinned one is not run', async () => {
  const page = pinned({}, { integrity: `sha384-${'A'.repeat(64)}` });
  const visit = await stage.visit();
  const [failed] = await Promise.all([
    visit.page.waitForEvent('console', (message) => /integrity/.test(message.text())),
    visit.page.goto(page.url),
  ]);
  assert.equal(failed.type(), 'error');
  assert.equal(await visit.page.evaluate('globalThis.parere'), undefined);
  await visit.end(/integrity/);
});
