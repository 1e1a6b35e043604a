// What a page may call, and what a shopper's consent means.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/**
 * Calls `window.parere`.
 * @param {import('./visit.mjs').Visit} visit
 * @param {string} name
 * @param {unknown[]} given
 */
const call = (visit, name, ...given) =>
  visit.page.evaluate(([method, values]) => /** @type {any} */ (globalThis).parere[method](...values), /** @type {const} */ ([name, given]));

test('who the shopper is goes with the answer, and decides who is asked', async () => {
  const conditions = [{ fact: 'attribute', name: 'plan', op: 'is', values: ['gold'] }];
  const site = await stage.collector.site({ placement: 'popover', targeting: { conditions }, trigger: { on: 'event', name: 'go' } });
  const visit = await stage.visit();
  const page = stage.shop.page({ site, slot: 'none' });
  await visit.page.goto(page.url);
  await call(visit, 'identify', { subject: 'c-77', attributes: { plan: 'gold', orders: 3 } });
  // Judged when the page was opened, before anything was known; `show` asks whatever the rules say.
  await call(visit, 'show', 'nps');
  await visit.asked();
  await visit.option(/^7 of 10/).click();
  const answer = await stage.collector.answer(page.path, 1, site);
  assert.deepEqual(answer.attributes, { orders: '3', plan: 'gold' });
  await visit.end();
});

test('a page may call before the tag is there', async () => {
  const site = await stage.collector.site({ placement: 'popover', trigger: { on: 'event', name: 'go' } });
  const visit = await stage.visit();
  const before = `window.parere = { q: [] };
    parere.q.push(["on", "shown", (detail) => { window.heard = detail.survey; }], ["nonsense"], ["track", "go"]);`;
  await visit.page.goto(stage.shop.page({ site, slot: 'none', before }).url);
  await visit.asked();
  assert.equal(await until('the page heard it', () => visit.page.evaluate('window.heard')), 'nps');
  await visit.page.evaluate('parere.q.push(["dismiss"])');
  await visit.host.waitFor({ state: 'detached' });
  await visit.end();
});

for (const [where, without] of /** @type {[string, string][]} */ ([['the widget', ''], ['the frame', 'delete window.WebAssembly;']])) {
  test(`${where} answers what was called before it, and goes on after nonsense`, async () => {
    const visit = await stage.visit();
    /** @type {string[]} */
    const warnings = [];
    visit.page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    const before = `${without} window.parere = { q: [["nonsense", 1], null, ["on", "answered"]] };`;
    await visit.page.goto(stage.shop.page({ before }).url);
    await visit.moment('shown');
    await visit.page.evaluate('parere.q.push(7); parere.q.push(["on", "dismissed", () => (window.wasDismissed = true)], 0); parere.q.push(["dismiss"])');
    await visit.page.waitForFunction('window.wasDismissed');
    const expected = [/nonsense: there is no such call/, /not iterable/, /on: expected/, /not iterable/];
    assert.equal(warnings.length, expected.length, `${warnings}`);
    warnings.forEach((line, at) => assert.match(line, expected[at]));
    await visit.end();
  });
}

test('misuse is told once and never thrown', async () => {
  const visit = await stage.visit();
  /** @type {string[]} */
  const warnings = [];
  visit.page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  await visit.ask(stage.shop.page());
  for (const [name, given, expected] of /** @type {const} */ ([
    ['show', ['nonsense'], /no live survey called nonsense/],
    ['identify', ['c-77'], /identify: expected/],
    ['track', [{}], /track: expected/],
    ['consent', ['maybe'], /consent: expected/],
    ['on', ['moved', 'x'], /on: expected/],
  ])) {
    warnings.length = 0;
    await call(visit, name, ...given);
    assert.equal(warnings.length, 1, name);
    assert.match(warnings[0], expected);
  }
  await visit.end();
});

test('every gate of every survey is explained', async () => {
  const conditions = [{ fact: 'device', op: 'is', values: ['phone'] }];
  const site = await stage.collector.site({ targeting: { conditions, urls: [{ op: 'prefix', value: '/products/' }] } });
  const visit = await stage.visit();
  const page = stage.shop.page({ site, slot: 'none' });
  await visit.page.goto(page.url);
  const [explained, ...others] = await call(visit, 'explain');
  assert.deepEqual([explained.survey, others], ['nps', []]);
  const gates = Object.fromEntries(explained.gates.map((/** @type {any} */ { gate, pass, seen, says }) => [gate, { pass, seen, says }]));
  assert.deepEqual([gates.url.pass, gates.conditions.pass, gates.answered.pass], [true, false, true]);
  assert.ok(gates.url.seen.startsWith(page.path));
  assert.equal(explained.awaits, 'It waits for nothing.');
  assert.equal(gates.conditions.seen, 'desktop');
  assert.equal(gates.conditions.says, 'Device: wants phone; this is a desktop.');
  assert.match(gates.url.says, /^Address: wants one that begins with \/products\/; this page is \/products/);
  assert.ok(visit.requests.some((url) => url.includes('parere-explain-')), 'what explains comes when it is asked for');
  await visit.end();
});

test('visits and pages are counted where a survey asks about them, and only there', async () => {
  const conditions = [{ fact: 'views', op: 'greater', values: ['1'] }, { fact: 'visitor', op: 'is', values: ['new'] }];
  const site = await stage.collector.site({ placement: 'popover', targeting: { conditions } });
  const visit = await stage.visit();
  const page = stage.shop.page({ site, slot: 'none', tag: { 'data-debug': '' } });
  await visit.page.goto(page.url);
  await until('the first page is refused', async () => visit.said.some((line) => line.includes('nps: no conditions')));
  await visit.ask(page);
  await visit.end();
});

for (const [name, prepare, tag] of /** @type {[string, string, Record<string, string>][]} */ ([
  ['refused by the tag', '', { 'data-consent': 'denied' }],
  ['refused in Shopify’s banner', 'window.Shopify = { customerPrivacy: { preferencesProcessingAllowed: () => false } };', {}],
  ['refused by Global Privacy Control', 'Object.defineProperty(navigator, "globalPrivacyControl", { value: true });', {}],
])) {
  test(`${name}: the question works, nothing is kept and nobody is named`, async () => {
    const visit = await stage.visit();
    const page = stage.shop.page({ before: prepare, tag: { ...tag, 'data-subject': 'c-77' } });
    await visit.ask(page);
    await visit.option(/^9 of 10/).click();
    await stage.collector.answer(page.path, 1);
    assert.equal((await visit.posted())[0].subject, undefined);
    assert.equal(await visit.page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    await visit.end();
  });
}

test('a site that needs consent remembers nothing before the page has said so', async () => {
  const site = await stage.collector.site({});
  await stage.collector.api('PATCH', `/sites/${site}`, { consent_needed: true });
  const visit = await stage.visit();
  const page = stage.shop.page({ site, tag: { 'data-subject': 'c-77' } });
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1, site);
  assert.equal((await visit.posted())[0].subject, undefined);
  assert.equal(await visit.page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await visit.end();

  const other = await stage.visit();
  const consenting = stage.shop.page({ site, tag: { 'data-subject': 'c-77' } });
  await other.ask(consenting);
  await call(other, 'consent', 'granted');
  await other.option(/^8 of 10/).click();
  await stage.collector.answer(consenting.path, 1, site);
  assert.notEqual(await other.page.evaluate(() => localStorage.length), 0);
  await other.end();
});

test('a tag that was kept from before the quota was met finds nothing to ask', async () => {
  const site = await stage.collector.site({ targeting: { quota: { total: 1 } } });
  const visit = await stage.visit();
  const page = stage.shop.page({ site, slot: 'sized', tag: { 'data-debug': '' } });
  const before = await (await fetch(`${stage.collector.url}/v1/${site}.js`)).text();
  await visit.page.route(`**/v1/${site}.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: before }));
  await visit.ask(page);
  await visit.read();
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1, site);
  await until('the survey is not asked any more', async () =>
    !(await (await fetch(`${stage.collector.url}/v1/${site}.json`)).text()).includes('"nps"'));
  const other = await stage.visit();
  await other.page.route(`**/v1/${site}.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: before }));
  await other.page.goto(page.url);
  await until('the widget has decided', async () => other.said.some((line) => line.includes('nps: no')));
  assert.equal(await other.question.count(), 0);
  await other.end(/404/);
  await visit.end();
});

test('consent that is taken back takes what was kept', async () => {
  const visit = await stage.visit();
  const page = stage.shop.page();
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1);
  assert.notEqual(await visit.page.evaluate(() => localStorage.length), 0);
  await call(visit, 'consent', 'denied');
  assert.equal(await visit.page.evaluate(() => localStorage.length), 0);
  await visit.end();
});

test('the tag and the widget draw the same sample', async () => {
  // The same table as in shared/src/gate/sample.rs.
  const buckets = { a1b2: 903, k3v9x0q2m1z: 844, 0: 281, zz9: 369 };
  for (const [visitor, bucket] of Object.entries(buckets)) {
    for (const [sample, asked] of [[bucket, false], [bucket + 1, true]]) {
      const site = await stage.collector.site({ targeting: { sample_per_mille: sample } });
      const visit = await stage.visit();
      const before = `localStorage.setItem("parere.${site}", "${visitor}");`;
      const page = stage.shop.page({ site, before, tag: { 'data-debug': '' } });
      if (asked) {
        await visit.ask(page);
        await visit.option(/^9 of 10/).click();
        await stage.collector.answer(page.path, 1, site);
        assert.equal((await visit.posted())[0].inclusion, Number(sample) / 1000);
      } else {
        await visit.assertAskedNothing(page);
      }
      await visit.end();
    }
  }
});
