// The shopper's way through the question, and the merchant's to it, in each browser: where they differ it has been wrong.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { Shop } from '../e2e/shop.mjs';
import { Collector, OWNER, until } from '../e2e/stage.mjs';
import { KINDS, start } from './browser.mjs';
import { By, Guest, Key, NOTE } from './guest.mjs';

/** @type {Collector} */
let collector;
/** @type {Shop} */
let shop;
/** Whoever is in the browser under test. @type {Guest} */
let guest;

before(async () => {
  collector = new Collector(await mkdtemp(join(tmpdir(), 'parere-browsers-')));
  await collector.start();
  shop = await Shop.open(collector);
});
after(async () => {
  await shop.close();
  await collector.stop();
  await rm(collector.folder, { recursive: true });
});

for (const [name, kind] of Object.entries(KINDS)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof start>>} */
    let started;
    before(async () => {
      started = await start(kind);
      guest = new Guest(started.browser);
    });
    after(() => started?.close());
    afterEach(() => collector.start());
    answers();
    looks();
    policies();
    others();
  });
}

/** The buttons stand right under the ends of the scale. */
const NO_GAP = "return box('.actions').top - box('.ends').bottom < 20";

/** A page of the shop that asks nothing. */
const quiet = () => shop.page({ slot: 'none', tag: { 'data-survey': 'nothing' } });

/** A page that is painted only when the tag has run: its stylesheet waits for that. */
function unpainted() {
  let tell = () => {};
  const ran = new Promise((resolve) => (tell = () => resolve(undefined)));
  const told = shop.write({ text: '', first: async () => tell() });
  const style = shop.write({ text: 'body { margin: 2rem; }', headers: { 'content-type': 'text/css' }, first: () => ran });
  return shop.write({
    text: `<!doctype html><html lang="en"><head><script>${NOTE}</script><link rel="stylesheet" href="${style.url}"></head>
      <body><p>Conero</p><parere-survey survey="nps"></parere-survey>
      <script async src="${collector.url}/v1/pk_demo.js" onload="navigator.sendBeacon('${told.url}')"></script></body></html>`,
  });
}

function answers() {
  test('by pointer, in a slot without a height that the tag meets before the first paint: score, comment, thanks', async (t) => {
    const capabilities = await guest.browser.getCapabilities();
    t.diagnostic(`${capabilities.getBrowserName()} ${capabilities.getBrowserVersion()}`);
    // From now on the tag is in the cache: Firefox asks the network for no script before it has the stylesheets.
    await guest.browser.get(quiet().url);
    const page = unpainted();
    await guest.attended(page);
    await guest.choose(9);
    assert.equal((await collector.answer(page.path, 1)).score, 9);
    await (await guest.part('textarea')).sendKeys('Comfortable');
    await guest.click('[part~=submit]');
    assert.equal((await collector.answer(page.path, 2)).comment, 'Comfortable');
    await guest.until('thanks', "part('[part~=thanks]')?.checkVisibility()");
    assert.deepEqual(await guest.see('return moments'), ['shown', 'answered', 'answered']);
  });

  test('by keyboard: Tab, arrows, Space, Escape; where the focus is can be seen', async () => {
    const page = shop.page({ before: NOTE });
    await guest.attended(page);
    await guest.see("const title = document.querySelector('h1'); title.tabIndex = 0; title.focus()");
    await guest.press(Key.TAB, Key.ARROW_RIGHT, Key.ARROW_RIGHT, Key.ARROW_RIGHT);
    assert.equal(await guest.see('return host.shadowRoot.activeElement.value'), '3');
    assert.match(await guest.see('return getComputedStyle(point(3).nextElementSibling).outline'), /solid 2px/);
    assert.deepEqual(await collector.answers(page.path), [], 'a walk is no answer');
    await guest.press(Key.SPACE);
    assert.equal((await collector.answer(page.path, 1)).score, 3);
    await guest.press(Key.ESCAPE);
    await guest.until('it is gone', '!card');
    assert.equal(await guest.see('return document.activeElement.localName'), 'h1', 'the focus is where it was');
    assert.deepEqual(await guest.see('return moments'), ['shown', 'answered']);
  });

  test('the collector is down: the next page view delivers, once', async () => {
    const page = shop.page({ before: NOTE });
    await guest.attended(page);
    await collector.stop();
    await guest.choose(8);
    await guest.until('it is kept', "moments.includes('answered')");
    await guest.browser.get(shop.page({ place: 'none' }).url);
    await collector.start();
    await guest.browser.get(quiet().url);
    assert.equal((await collector.answer(page.path, 1)).score, 8);
    await guest.until('nothing waits any more', "!Object.keys(localStorage).join().includes('.out.')");
    assert.equal((await collector.answers(page.path)).length, 1);
  });

  test('the page left in the task of the tap', async () => {
    const page = shop.page({ before: NOTE });
    await guest.attended(page);
    const next = shop.page({ place: 'none' });
    // After the call has come back: a browser may forget to answer it on its way out.
    await guest.see('setTimeout((url) => { point(7).click(); location.href = url; }, 0, arguments[0])', next.url);
    // Who is sent elsewhere on the way may arrive here afterwards.
    await guest.arrives('the page is left', async () => (await guest.browser.getCurrentUrl()) === next.url);
    assert.equal((await collector.answer(page.path, 1)).score, 7);
  });

  test('storage that throws', async () => {
    const denied = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });";
    const page = shop.page({ before: NOTE + denied });
    await guest.attended(page);
    await guest.choose(6);
    assert.equal((await collector.answer(page.path, 1)).score, 6);
    assert.deepEqual(await guest.see('return moments'), ['shown', 'answered']);
  });
}

function looks() {
  test('from right to left, on a dark page', async () => {
    const site = await collector.site({ languages: ['ar'] });
    const style = 'body { background: #16120f; color: #f2ece4; }';
    await guest.ask(shop.page({ site, lang: 'ar', style }));
    assert.ok(await guest.see("return box('[value=\"0\"]').left > box('[value=\"10\"]').right"), 'the first point is the rightmost');
    assert.equal(await guest.see('return getComputedStyle(card).color'), 'rgb(242, 236, 228)');
  });

  test('over the page: it makes way for the button of the shop, and is no higher than it need be', async () => {
    const site = await collector.site({ placement: 'popover' });
    await guest.ask(shop.page({ site, slot: 'none', carts: ['bottom_end'] }));
    assert.equal(await guest.see("return host.getAttribute('place')"), 'popover bottom_start');
    assert.ok(await guest.see(NO_GAP));
  });

  test('behind a tab: it opens and fits', async () => {
    const site = await collector.site({ placement: 'tab' });
    const page = shop.page({ site, slot: 'none', before: NOTE });
    await guest.browser.get(page.url);
    await guest.until('the tab stands', "card && box('[part~=tab]').height > 0");
    await guest.click('[part~=tab]');
    await guest.until('it is open', "box('fieldset').height > 0");
    assert.ok(await guest.see(NO_GAP));
    await guest.choose(10);
    assert.equal((await collector.answer(page.path, 1, site)).channel, 'tab');
  });
}

function policies() {
  /** @param {string} scripts @param {string} [more] */
  const policy = (scripts, more = '') =>
    `default-src 'none'; style-src 'self'; script-src ${collector.url}${scripts}; connect-src ${collector.url}; ` +
    `require-trusted-types-for 'script'; trusted-types 'none'${more}`;

  test('a strict policy with Trusted Types', async () => {
    const page = shop.page({ policy: policy(" 'wasm-unsafe-eval'") });
    await guest.ask(page);
    await guest.choose(9);
    assert.equal((await collector.answer(page.path, 1)).score, 9);
  });

  test('a policy without wasm: the hosted page in a frame', async () => {
    const page = shop.page({ policy: policy('', `; frame-src ${collector.url}`) });
    await guest.browser.get(page.url);
    await guest.until('the frame shows itself', "host?.shadowRoot?.querySelector('iframe')?.style.opacity === '1'");
    const root = await guest.browser.findElement(By.css('parere-survey')).getShadowRoot();
    await guest.browser.switchTo().frame(await root.findElement(By.css('iframe')));
    // By the page's own hands: a driver may not look from a frame to the page around it.
    await guest.see("document.querySelector('[name=score][value=\"9\"]').click(); document.querySelector('[type=submit], button:not([type])').click()");
    await guest.browser.switchTo().defaultContent();
    const answer = await until('the answer', async () => (await collector.answers(page.path))[0]);
    assert.deepEqual([answer.score, answer.channel], [9, 'inline']);
  });
}

function others() {
  test('the hosted page: a form and no script', async () => {
    const site = await collector.site({});
    await guest.browser.get(`${collector.url}/s/${site}/nps?page=/hosted`);
    await guest.browser.findElement(By.css('[name=score][value="2"]')).click();
    await guest.browser.findElement(By.css('button')).click();
    assert.equal((await collector.answer('/hosted', 1, site)).score, 2);
    await guest.arrives('the follow-up', async () => (await guest.browser.findElements(By.css('textarea'))).length);
    await guest.browser.findElement(By.css('textarea')).sendKeys('Too narrow');
    await guest.browser.findElement(By.css('button')).click();
    assert.equal((await collector.answer('/hosted', 2, site)).comment, 'Too narrow');
  });

  test('the editor shows the question as a shopper sees it', async () => {
    const isFirst = collector.signIn !== '';
    await guest.browser.get(isFirst ? collector.signIn : `${collector.url}/dashboard/sign-in`);
    await guest.browser.findElement(By.name('email')).sendKeys(OWNER.email);
    for (const name of isFirst ? ['password', 'again'] : ['password']) {
      await guest.browser.findElement(By.name(name)).sendKeys(OWNER.password);
    }
    await guest.press(Key.ENTER);
    await guest.arrives('signed in', async () => (await guest.browser.getPageSource()).includes('Sign out'));
    await guest.browser.get(`${collector.url}/dashboard/pk_demo/surveys/nps/edit`);
    await guest.browser.switchTo().frame(await guest.browser.findElement(By.css('iframe')));
    await guest.until('the question stands', "card?.checkVisibility() && box('fieldset').height > 0");
    await guest.browser.switchTo().defaultContent();
  });
}
