// The tag with everything inside: one request, and the question stands; else all is as with the tag.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/**
 * A shop's page with this form of the tag.
 * @param {string} [query] of its address
 * @param {import('./shop.mjs').Embedding} [embedding]
 */
const page = (query = '', embedding = {}) =>
  stage.shop.page({ ...embedding, script: `/v1/${embedding.site ?? 'pk_demo'}.now.js${query}` });

/**
 * What was asked of the collector, by path.
 * @param {import('./visit.mjs').Visit} visit
 */
const asked = (visit) => visit.requests.filter((url) => url.startsWith(stage.collector.url)).map((url) => new URL(url).pathname);

for (const policy of ['open', 'strict']) {
  test(`one request, and the question stands, under the policy ${policy}`, async () => {
    const visit = await stage.visit();
    // Nothing else comes before it stands.
    const held = await visit.hold('**/assets/**');
    const shop = page('?lang=en', { policy, tag: { 'data-ref': '1001' } });
    await visit.ask(shop);
    await visit.assertStill();
    // The tag, and then the two files of the second half.
    const [first, ...rest] = await until('the second half is asked for', async () => (asked(visit).length < 3 ? undefined : asked(visit)));
    assert.equal(first, '/v1/pk_demo.now.js');
    assert.ok(rest.every((path) => path.startsWith('/assets/parere-answer-')), `${rest}`);
    await held.asked();
    await held.go();
    await visit.read();
    await visit.option(/^9 of 10/).click();
    const answer = await stage.collector.answer(shop.path, 1);
    assert.deepEqual([answer.score, answer.ref, answer.channel, answer.flags], [9, '1001', 'inline', []]);
    await visit.comment.fill('At once');
    await visit.button('submit').click();
    assert.equal((await stage.collector.answer(shop.path, 2)).comment, 'At once');
    await visit.assertStill();
    assert.ok(!asked(visit).some((path) => /parere-ask-|\.bin$/.test(path)), `${asked(visit)}`);
    await visit.end();
  });
}

/** Query, page, language that is asked in, and is it fetched? @type {[string, import('./shop.mjs').Embedding, string, boolean][]} */
const LANGUAGES = [
  ['?lang=it', { lang: 'en' }, 'it', false],
  ['?lang=it-CH', { lang: 'en' }, 'it', false],
  ['', { lang: 'en' }, 'en', false],
  ['', { lang: 'it' }, 'it', true],
  ['', { lang: '' }, 'en', false],
  ['?lang=it', { lang: 'it', tag: { 'data-lang': 'en' } }, 'en', true],
  ['', { lang: 'en', tag: { 'data-lang': 'it' } }, 'it', true],
  ['?lang=xx', { lang: 'it' }, 'it', true],
];

for (const [query, embedding, language, isFetched] of LANGUAGES) {
  test(`now.js${query} on a page ${JSON.stringify(embedding)} asks in ${language}`, async () => {
    const visit = await stage.visit();
    const shop = page(query, embedding);
    await visit.ask(shop);
    assert.equal(await visit.host.locator('[part~=card]').getAttribute('lang'), language);
    assert.equal(asked(visit).some((path) => path.includes(`.nps.${language}-`)), isFetched, `${asked(visit)}`);
    await visit.option(/^9 (of|su) 10/).click();
    assert.equal((await stage.collector.answer(shop.path, 1)).locale, language);
    await visit.end();
  });
}

test('a page on which nothing is asked loads nothing more', async () => {
  const visit = await stage.visit();
  await visit.assertAskedNothing(page('', { survey: '', tag: { 'data-survey': 'nothing', 'data-debug': '' } }));
  assert.equal(await visit.page.evaluate(() => localStorage.length), 0);
  await visit.end();
});

test('a survey with a quota is fetched, and others are not', async () => {
  const site = await stage.collector.site({ targeting: { quota: { total: 9 } } });
  const visit = await stage.visit();
  await visit.ask(page('', { site }));
  const bins = asked(visit).filter((path) => path.endsWith('.bin'));
  assert.deepEqual(bins.map((path) => path.split('-')[0]), [`/assets/${site}.nps.en`]);
  await visit.end();
});

test('over the page, too', async () => {
  const site = await stage.collector.site({ placement: 'popover' });
  const visit = await stage.visit();
  const shop = page('', { site, slot: 'none', long: true });
  await visit.ask(shop);
  await visit.option(/^9 of 10/).click();
  assert.equal((await stage.collector.answer(shop.path, 1, site)).channel, 'popover');
  await visit.assertStill();
  await visit.end();
});

for (const order of [['', '.now'], ['.now', '']]) {
  test(`two tags ask once, pk_demo${order.join('.js and pk_demo')}.js`, async () => {
    const visit = await stage.visit();
    const [one, other] = order.map((form) => `${stage.collector.url}/v1/pk_demo${form}.js`);
    const { path, url } = stage.shop.write({
      headers: { 'content-type': 'text/html; charset=utf-8' },
      text: `<!doctype html><html lang="en"><title>Conero</title><link rel="stylesheet" href="/shop.css">
        <h1>Conero</h1><parere-survey survey="nps" data-sized></parere-survey>
        <script src="${one}"></script><script src="${other}"></script>`,
    });
    await visit.ask({ url });
    await visit.option(/^9 of 10/).click();
    await stage.collector.answer(path, 1);
    assert.equal(await visit.page.getByRole('group').count(), 1);
    assert.equal((await visit.posted()).length, 1);
    await visit.end();
  });
}

test('a policy without wasm: the question stands in a frame, in the language of the address', async () => {
  const { url } = stage.collector;
  const policy = `default-src 'none'; style-src 'self'; script-src ${url}; connect-src ${url}; frame-src ${url}; ` +
    "require-trusted-types-for 'script'; trusted-types 'none'";
  const visit = await stage.visit();
  const shop = page('?lang=it', { policy });
  await visit.page.goto(shop.url);
  const frame = visit.host.locator('iframe').contentFrame();
  await frame.getByRole('radio', { name: '9 su 10' }).click();
  await frame.getByRole('button', { name: 'Invia' }).click();
  assert.equal((await stage.collector.answer(shop.path, 1)).locale, 'it');
  assert.ok(!visit.requests.some((asked) => asked.endsWith('.wasm')));
  await visit.end(/wasm|WebAssembly|Content Security Policy/i);
});

test('without consent nothing is kept', async () => {
  const visit = await stage.visit();
  const shop = page('', { tag: { 'data-consent': 'denied', 'data-subject': 'c-77' } });
  await visit.ask(shop);
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(shop.path, 1);
  assert.equal(await visit.page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  assert.equal((await visit.posted())[0].subject, undefined);
  await visit.end();
});

test('it explains itself, in words and in the overlay', async () => {
  const visit = await stage.visit();
  await visit.page.goto(`${page('', { survey: '', tag: { 'data-survey': 'nothing' } }).url}#parere-debug`);
  await visit.page.locator('parere-debug').waitFor();
  const surveys = await visit.page.evaluate(() => /** @type {any} */ (globalThis).parere.explain());
  assert.deepEqual(surveys.map((/** @type {any} */ { survey }) => survey), ['nps', 'ces', 'csat']);
  assert.ok(surveys.every((/** @type {any} */ { gates }) => gates.length > 0));
  await visit.end();
});
