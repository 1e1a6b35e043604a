// Pages that are hard on a guest, a folder each under hostile/: `page.html` is the shop's page, `expect.mjs` what is
// to come of it. Each is opened twice, without the tag and with it; whatever the tag has changed beside the prompt,
// or left behind after it, is a failure.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Stage, launch, until } from './stage.mjs';
import { keepBooks, traces } from './traces.mjs';

/**
 * A hostile page. In its text and headers `{{tag}}` stands for the address of the tag, `{{collector}}` for the
 * collector's, `{{shop}}` for the shop's.
 * @typedef {object} Hostile
 * @property {string} title what is hard about it, and what comes of it
 * @property {boolean} [asks] false: no prompt, and nothing else either
 * @property {boolean} [isFramed] the hosted page asks in place of the widget
 * @property {boolean} [moves] its own rules keep the prompt from reserving its height
 * @property {Record<string, string>} [headers] of the page
 * @property {string} [parent] text of a page that shows the shop in a frame; `{{page}}` is the shop's address
 * @property {string} [host] name of the shop, in place of localhost
 * @property {import('playwright-core').BrowserContextOptions} [shopper]
 * @property {boolean} [keepsPages] the browser brings pages back as they were, which browsers under test do not do
 * @property {RegExp} [complaints] what the browser says by itself
 * @property {(meeting: Meeting) => Promise<unknown>} [meet] what the shopper does with the prompt, in place of a tap
 */

/**
 * A shopper before the prompt on a hostile page.
 * @typedef {object} Meeting
 * @property {import('./visit.mjs').Visit} visit
 * @property {string} path of the page
 * @property {(path: string, revision: number) => Promise<any>} answer waits for the answer from a page
 * @property {() => Promise<void>} tap what every other shopper does: taps a score, and sends the rest away
 */

const SITE = 'pk_hostile';
const FOLDER = new URL('hostile/', import.meta.url);

/** Finger and pointer hit what is this large (WCAG 2.2, 2.5.8). */
const TARGET_PX = 24;

/** @type {Stage} */
let stage;
/** @type {import('./visit.mjs').Visit} the shopper of every page that asks for no other */
let regular;
before(async () => {
  stage = await Stage.open();
  regular = await begin();
  const { url } = stage.shop;
  const origins = [url, url.replace('localhost', 'shop.test')];
  await stage.collector.api('POST', '/sites', { site: SITE, name: 'Hostile', zone: 'Europe/Rome', origins });
  const scale = { min: 0, max: 10, polarity: 'high_is_good', look: 'numbers' };
  const targeting = { recontact: { answered_days: 0, dismissed_days: 0, other_days: 0 } };
  const survey = { slug: 'nps', state: 'live', metric: 'nps', languages: ['en'], scale, targeting };
  await stage.collector.api('POST', `/sites/${SITE}/surveys`, survey);
});
after(() => stage.close());

/**
 * A shopper whose pages keep books.
 * @param {import('playwright-core').BrowserContextOptions} [shopper]
 * @param {import('playwright-core').Browser} [browser]
 */
async function begin(shopper, browser) {
  const visit = await stage.visit(shopper, browser);
  await visit.context.addInitScript(keepBooks);
  return visit;
}

/**
 * Puts a hostile page on the shop's server, with the tag or with an empty script in its place.
 * @param {string} text
 * @param {Hostile} hostile
 * @param {string} tag
 */
function write(text, { headers = {}, host, parent }, tag) {
  const { shop, collector } = stage;
  const fill = (/** @type {string} */ words) =>
    words.replaceAll('{{tag}}', tag).replaceAll('{{collector}}', collector.url).replaceAll('{{shop}}', shop.url);
  const filled = Object.entries(headers).map(([name, value]) => [name, fill(value)]);
  const page = shop.write({ text: fill(text), headers: Object.fromEntries(filled) });
  if (host) return { ...page, url: page.url.replace('localhost', host) };
  if (!parent) return page;
  // The parent is of another site than the shop.
  const { url } = shop.write({ text: parent.replaceAll('{{page}}', page.url), headers: { 'x-frame-options': 'DENY' } });
  return { ...page, url: url.replace('localhost', 'parent.test') };
}

/**
 * Opens a page and looks at the shop's document, once it has settled.
 * @param {import('./visit.mjs').Visit} visit
 * @param {{url: string, path: string}} page
 */
async function open(visit, page) {
  await visit.page.goto(page.url, { waitUntil: 'load' });
  visit.view = visit.page.frames().find((frame) => new URL(frame.url()).pathname === page.path) ?? visit.page.mainFrame();
  await visit.view.waitForLoadState('load');
  await visit.frame();
  // From here on what drives the browser listens too: on both pages, so that it does not count.
  await visit.view.locator('h1').evaluate(() => {});

}

/**
 * The prompt can be read and tapped, and looks as on any other page.
 * @param {import('./visit.mjs').Visit} visit
 */
async function assertRight(visit) {
  const seen = await visit.host.evaluate((host, target) => {
    const root = /** @type {ShadowRoot} */ (host.shadowRoot);
    const card = /** @type {HTMLElement} */ (root.querySelector('[part=card]'));
    const around = card.getBoundingClientRect();
    const points = [...root.querySelectorAll('[part=option]')].map((point) => point.getBoundingClientRect());
    const within = (/** @type {DOMRect} */ box) =>
      box.left >= around.left && box.right <= around.right && box.top >= around.top && box.bottom <= around.bottom;
    const question = /** @type {Element} */ (root.querySelector('[part=question]')).getBoundingClientRect();
    for (const motion of card.getAnimations()) motion.finish();
    const style = getComputedStyle(card);
    return {
      points: points.length,
      small: points.filter((box) => box.width < target || box.height < target).length,
      outside: [...points, question].filter((box) => !within(box)).length,
      covered: points.filter((box) => document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) !== host).length,
      onPage: around.left >= 0 && around.right <= document.documentElement.clientWidth && around.height > 100,
      looks: [style.display, style.opacity, style.visibility, style.textTransform, style.letterSpacing, style.fontStyle, style.fontWeight],
      direction: style.direction,
      ink: style.color === getComputedStyle(/** @type {Element} */ (host.parentElement)).color,
    };
  }, TARGET_PX);
  assert.deepEqual(seen, {
    points: 11, small: 0, outside: 0, covered: 0, onPage: true, direction: 'ltr', ink: true,
    looks: ['flex', '1', 'visible', 'none', 'normal', 'normal', '400'],
  });
}

/**
 * @param {import('./visit.mjs').Visit} visit
 * @param {string} path
 * @returns {Meeting}
 */
function meeting(visit, path) {
  const answer = (/** @type {string} */ from, /** @type {number} */ revision) => stage.collector.answer(from, revision, SITE);
  const tap = async () => {
    await visit.option(/^9 of 10/).click();
    assert.equal((await answer(path, 1)).score, 9);
    await visit.button('dismiss').click();
    await visit.question.waitFor({ state: 'detached' });
  };
  return { visit, path, answer, tap };
}

/**
 * The page is as it would be without us.
 * @param {import('./visit.mjs').Visit} visit
 * @param {Awaited<ReturnType<typeof traces>>} without
 * @param {string} tag
 * @param {boolean} isOver
 */
async function assertUntouched(visit, without, tag, isOver) {
  // A merchant's #parere-debug is waited for as long as the page stands.
  const leaves = (/** @type {string[]} */ waiting) => waiting.filter((what) => what !== 'hashchange at window');
  const plain = (/** @type {Awaited<ReturnType<typeof traces>>} */ { waiting, html, ...rest }) =>
    ({ ...rest, html: html.replaceAll(tag, ''), waiting: isOver ? leaves(waiting) : [] });
  const expected = plain(without);
  // What we were doing at this very moment may come to its end.
  if (isOver) {
    await until('nothing waits any more', async () => `${leaves((await traces(visit.view)).waiting)}` === `${leaves(without.waiting)}`).catch(() => {});
  }
  const found = plain(await traces(visit.view));
  const when = isOver ? 'after the prompt' : 'beside the prompt';
  for (const [what, value] of Object.entries(expected)) assert.deepEqual(Reflect.get(found, what), value, `${what} ${when}`);
}

// Every page with both forms of the tag.
const FORMS = ['', '.now'];

for (const [name, form] of (await readdir(FOLDER)).sort().flatMap((name) => FORMS.map((form) => [name, form]))) {
  /** @type {{default: Hostile}} */
  const { default: hostile } = await import(`${FOLDER}${name}/expect.mjs`);
  const text = await readFile(new URL(`${name}/page.html`, FOLDER), 'utf8');
  const { title, asks = true, isFramed = false, moves = false, shopper, keepsPages, complaints, meet = ({ tap }) => tap() } = hostile;

  test(`${name}${form}: ${title}`, async (t) => {
    const browser = keepsPages ? await launch(['--disable-back-forward-cache']) : stage.browser;
    if (keepsPages) t.after(() => browser.close());
    const visit = shopper || keepsPages ? await begin(shopper, browser) : regular;
    const empty = `${stage.collector.url}/v1/${SITE}.none`;
    await visit.page.route(empty, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await open(visit, write(text, hostile, empty));
    const without = await traces(visit.view);
    without.html = without.html.replaceAll(empty, '');
    visit.errors.length = 0;
    visit.sent.length = 0;

    const tag = `${stage.collector.url}/v1/${SITE}${form}.js`;
    const page = write(text, hostile, tag);
    await open(visit, page);
    if (isFramed) {
      await visit.moment('shown');
      await visit.assertStill();
      await assertUntouched(visit, without, tag, false);
      const frame = visit.host.locator('iframe').contentFrame();
      await frame.getByRole('radio', { name: '9 of 10' }).click();
      await frame.getByRole('button', { name: 'Send' }).click();
      assert.equal((await stage.collector.answer(page.path, 1, SITE)).score, 9);
      await frame.getByRole('button', { name: 'No, thanks' }).click();
      await visit.host.locator('iframe').waitFor({ state: 'detached' });
      // The gap goes with the shopper's next tap.
      await visit.view.locator('h1').click();
    } else if (asks) {
      await visit.reveal();
      // A slot that cannot reserve its height grows out of view.
      await visit.host.scrollIntoViewIfNeeded();
      await visit.moment('shown');
      if (!moves) await visit.assertStill();
      await assertRight(visit);
      await assertUntouched(visit, without, tag, false);
      await meet(meeting(visit, page.path));
    } else {
      await visit.moment('error');
      await visit.assertStill();
      // A slot that is in view goes with the shopper's next tap.
      await visit.view.locator('h1').click();
      assert.equal(await visit.question.count(), 0);
    }
    await assertUntouched(visit, without, tag, true);
    visit.assertQuiet(complaints);
    if (visit !== regular) await visit.end(complaints);
  });
}
