// Manners on a page that is not ours: nothing blocked breaks us, and we break nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => {
  stage = await Stage.open();
  // A shop whose surveys leave shoppers alone after an answer, as surveys do that say nothing else.
  const site = { site: 'pk_polite', name: 'Polite', zone: 'Europe/Rome', origins: [stage.shop.url] };
  await stage.collector.api('POST', '/sites', site);
  const scale = { min: 0, max: 10, polarity: 'high_is_good', look: 'numbers' };
  const survey = { slug: 'nps', state: 'live', metric: 'nps', languages: ['en'], scale };
  await stage.collector.api('POST', '/sites/pk_polite/surveys', survey);
  const elsewhere = { ...survey, slug: 'cart', targeting: { urls: [{ op: 'prefix', value: '/cart/' }] } };
  await stage.collector.api('POST', '/sites/pk_polite/surveys', elsewhere);
});
after(() => stage.close());

test('storage that throws', async () => {
  const page = stage.shop.page();
  const visit = await stage.visit();
  await visit.context.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
      const denied = () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      };
      Object.defineProperty(globalThis, name, { get: denied });
    }
  });
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1);
  await visit.comment.fill('Nothing is kept here');
  await visit.button('submit').click();
  assert.equal((await stage.collector.answer(page.path, 2)).comment, 'Nothing is kept here');
  await visit.end();
});

test('a strict policy with Trusted Types', async () => {
  const page = stage.shop.page({ policy: 'strict' });
  const visit = await stage.visit();
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1);
  await visit.comment.fill('Under guard');
  await visit.button('submit').click();
  await stage.collector.answer(page.path, 2);
  const looks = await visit.host.locator('[part~=card]').evaluate((card) => getComputedStyle(card).display);
  assert.notEqual(looks, 'inline', 'the style sheet was let in');
  await visit.assertStill();
  await visit.end();
});

test('a policy without wasm costs the shopper nothing', async () => {
  const page = stage.shop.page({ policy: 'no-wasm', slot: 'plain', below: true });
  const visit = await stage.visit();
  await visit.page.goto(page.url);
  // A shopper who scrolls in the very frame in which the slot is reserved sees that as movement; nobody is that quick.
  await until('the slot is reserved', () => visit.page.evaluate(() => {
    const slot = /** @type {HTMLElement | null} */ (document.querySelector('parere-survey'));
    return !slot || slot.style.minHeight !== '';
  }));
  await visit.frame();
  await visit.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const { detail } = await visit.moment('error');
  assert.match(String(detail), /wasm|WebAssembly|policy/i);
  assert.equal(await visit.question.count(), 0);
  await visit.assertStill();
  assert.ok(!visit.requests.some((url) => url.endsWith('.wasm')), 'nothing was downloaded in vain');
  await visit.end(/Content Security Policy|wasm/i);
});

test('a page that is rendered beforehand asks and counts when somebody comes to it', async () => {
  const conditions = [{ fact: 'views', op: 'less', values: ['2'] }];
  for (const placement of ['inline', 'popover']) {
    const site = await stage.collector.site({ placement, targeting: { conditions } });
    const visit = await stage.visit();
    // What the browser says of such a page, without the browser's own choice of when to render one.
    await visit.context.addInitScript(() => {
      const noted = /** @type {any} */ (globalThis);
      noted.e2eComes = () => {
        Object.defineProperty(document, 'prerendering', { value: false });
        document.dispatchEvent(new Event('prerenderingchange'));
      };
      Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
    });
    await visit.page.goto(stage.shop.page({ site, slot: placement === 'inline' ? 'sized' : 'none' }).url, { waitUntil: 'networkidle' });
    assert.equal(await visit.question.count(), 0);
    assert.equal(await visit.page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    assert.ok(!visit.requests.some((url) => url.includes('/assets/')), `${visit.requests}`);
    await visit.page.evaluate('e2eComes()');
    await visit.asked();
    await visit.moment('shown');
    assert.deepEqual(await visit.page.evaluate(() => Object.values(sessionStorage)), ['1']);
    await visit.end();
  }
});

test('two tags ask once', async () => {
  const page = stage.shop.page({ tags: 2 });
  const visit = await stage.visit();
  await visit.ask(page);
  assert.equal(await visit.page.getByRole('group').count(), 1);
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1);
  assert.equal((await visit.posted()).length, 1);
  await visit.end();
});

test('who has answered is left alone', async () => {
  const page = stage.shop.page({ site: 'pk_polite', tag: { 'data-debug': '' } });
  const visit = await stage.visit();
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1, 'pk_polite');
  await visit.assertAskedNothing(page);
  await visit.end();
});

test('who has sent the prompt away is left alone', async () => {
  const page = stage.shop.page({ site: 'pk_polite', tag: { 'data-debug': '' } });
  const visit = await stage.visit();
  await visit.ask(page);
  await visit.button('dismiss').click();
  await visit.question.waitFor({ state: 'detached' });
  await visit.assertAskedNothing(page);
  await visit.end();
});

test('a page on which nothing is asked costs one request and writes nothing', async () => {
  const page = stage.shop.page({ site: 'pk_polite', survey: '', tag: { 'data-survey': 'cart', 'data-debug': '' } });
  const visit = await stage.visit();
  await visit.assertAskedNothing(page);
  assert.deepEqual(await visit.page.evaluate(() => Object.keys(localStorage)), []);
  await visit.end();
});

test('one global, and nothing else of the page is touched', async () => {
  const globals = () => Object.getOwnPropertyNames(globalThis).sort();
  const visit = await stage.visit();
  await visit.page.goto(stage.shop.page({ place: 'none' }).url);
  const without = await visit.page.evaluate(globals);
  const page = stage.shop.page();
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1);
  const added = (await visit.page.evaluate(globals)).filter((name) => !without.includes(name));
  assert.deepEqual(added, ['parere']);
  await visit.end();
});

/** How the browser draws an element, its size aside. */
function looks(/** @type {Element} */ element) {
  const style = getComputedStyle(element);
  const names = [...style].filter((name) => /^(font|letter|text|color|cursor|visibility|line|padding|border|float|background|display)/.test(name));
  return names.map((name) => `${name}: ${style.getPropertyValue(name)}`);
}

test("the shop's styles stay outside, and ours inside", async () => {
  const visit = await stage.visit();
  await visit.page.goto(stage.shop.page({ place: 'none' }).url);
  const button = visit.page.getByRole('button', { name: 'Add to cart' });
  const without = await button.evaluate(looks);
  await visit.ask(stage.shop.page());
  assert.deepEqual(await button.evaluate(looks), without);

  const parts = [visit.question, visit.host.locator('[part~=question]'), visit.option(/^5 of 10/), visit.button('dismiss')];
  const before = await Promise.all(parts.map((part) => part.evaluate(looks)));
  await visit.page.addStyleTag({
    content: `* { font: italic 900 60px/3 monospace !important; letter-spacing: 1em !important; text-transform: uppercase !important;
      text-align: end !important; cursor: wait !important; visibility: visible !important; color: red !important; }
      fieldset, legend, label, button, div, span { padding: 40px !important; border: 9px solid red !important; float: right !important; }`,
  });
  for (const [n, part] of parts.entries()) assert.deepEqual(await part.evaluate(looks), before[n]);
  await visit.end();
});
