// One shopper on one page: what the prompt shows, what the page noticed, what went over the wire.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { until } from './stage.mjs';

/** Longer than anybody takes for whom the answer is doubted. */
const READING_MS = 400;

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs in the page before anything else: notes moments of the prompt and shifts of the layout. */
function record() {
  const noted = /** @type {any} */ (globalThis);
  noted.e2eMoments = [];
  noted.e2eShifts = [];
  for (const name of ['shown', 'answered', 'dismissed', 'error']) {
    document.addEventListener(`parere:${name}`, (event) => {
      const { target, detail } = /** @type {any} */ (event);
      noted.e2eMoments.push({ name, from: target.localName ?? 'document', detail });
    });
  }
  new PerformanceObserver((list) => {
    for (const entry of /** @type {any[]} */ (list.getEntries())) {
      // What follows a tap within half a second is the shopper's own doing.
      if (entry.hadRecentInput) continue;
      const moved = (/** @type {any} */ { node, previousRect, currentRect }) =>
        `${node?.localName ?? node?.nodeName} from ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`;
      noted.e2eShifts.push(`${entry.value}: ${entry.sources.map(moved).join('; ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

export class Visit {
  /**
   * @param {import('playwright-core').BrowserContext} context
   * @param {import('playwright-core').Page} page
   */
  constructor(context, page) {
    this.context = context;
    this.page = page;
    /** The shop's document: in a frame where the shop itself is shown in one. */
    this.view = page.mainFrame();
    /** @type {string[]} what the browser complained about */
    this.errors = [];
    /** @type {string[]} what the tag said for its debugging */
    this.said = [];
    /** @type {string[]} everything that was asked of the network */
    this.requests = [];
    /** @type {any[]} answers that were sent */
    this.sent = [];
    page.on('pageerror', (error) => this.errors.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
      if (message.text().startsWith('parere')) this.said.push(message.text());
    });
    page.on('request', (request) => {
      this.requests.push(request.url());
      if (request.url().endsWith('/v1/responses')) this.sent.push(request.postDataJSON());
    });
  }

  /** @param {import('playwright-core').BrowserContext} context */
  static async begin(context) {
    await context.addInitScript(record);
    return new Visit(context, await context.newPage());
  }

  /** The element that stands in the shop's page. */
  get host() {
    return this.view.locator('parere-survey').first();
  }

  /** The question with its scale. */
  get question() {
    return this.host.getByRole('group');
  }

  /** Every point of the scale. */
  get points() {
    return this.host.getByRole('radio');
  }

  get comment() {
    return this.host.getByRole('textbox');
  }

  get thanks() {
    return this.host.locator('[part~=thanks]');
  }

  /**
   * A button of the prompt, by its part: its words are the language's.
   * @param {'submit' | 'dismiss'} part
   */
  button(part) {
    return this.host.getByRole('button').and(this.host.locator(`[part~=${part}]`));
  }

  /**
   * What a finger taps: the whole cell of a point.
   * @param {RegExp} name accessible name of the point
   */
  option(name) {
    return this.host.locator('[part~=option]', { has: this.view.getByRole('radio', { name }) });
  }

  /**
   * Opens a page and waits for the question.
   * @param {{url: string}} page
   */
  async ask(page) {
    await this.page.goto(page.url);
    await this.asked();
  }

  /**
   * The same, and both halves of the widget are there: the second one says that the question is shown.
   * @param {{url: string}} page
   */
  async attended(page) {
    await this.ask(page);
    await this.moment('shown');
  }

  /**
   * The answers that were sent, when the browser has told of so many: the collector may have stored one before that.
   * @param {number} [count]
   */
  async posted(count = 1) {
    await until(`${count} answers were sent`, async () => this.sent.length >= count);
    return this.sent;
  }

  /**
   * Holds requests back until the test lets them go or loses them.
   * @param {string} address glob of their addresses
   */
  async hold(address) {
    /** @type {import('playwright-core').Route[]} */
    const held = [];
    await this.page.route(address, (route) => void held.push(route));
    return {
      asked: () => until(`${address} is asked for`, async () => held.length > 0),
      go: () => Promise.all(held.splice(0).map((route) => route.continue())),
      lose: () => Promise.all(held.splice(0).map((route) => route.abort())),
    };
  }

  /** Waits for the question; if it never comes, the browser's own words say more than ours. */
  async asked() {
    await this.question.waitFor().catch((error) => {
      assert.fail(`no question: ${JSON.stringify({ errors: this.errors, requests: this.requests })} ${error.message}`);
    });
  }

  /** Reads the question as a shopper does: who taps sooner is doubted (collector/src/ingest/doubt.rs). */
  async read() {
    await this.moment('shown');
    await this.linger();
  }

  /** The same where nobody is there yet to say that it is shown. */
  async linger() {
    const since = Date.now();
    await until('it has been read', async () => Date.now() - since > READING_MS);
  }

  /** Scrolls to the prompt, wherever it stands, and waits for the question. */
  async reveal() {
    await this.host.waitFor({ state: 'attached' });
    await this.frame();
    await this.host.evaluate((slot) => slot.scrollIntoView({ block: 'center', behavior: 'instant' }));
    await this.asked();
  }

  /** Waits until all that has happened so far is on the screen. */
  async frame() {
    await this.view.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }

  /** @returns {Promise<{name: string, from: string, detail: any}[]>} */
  moments() {
    return this.view.evaluate('e2eMoments');
  }

  /** @param {string} name */
  async moment(name) {
    return until(`the moment ${name}`, async () => (await this.moments()).find((moment) => moment.name === name));
  }

  /**
   * Nothing has moved under the shopper's eyes since the page was opened: its CLS is 0.
   * @param {string} [when]
   */
  async assertStill(when) {
    await this.frame();
    const shifts = /** @type {string[]} */ (await this.view.evaluate('e2eShifts'));
    assert.deepEqual(shifts, [], when);
  }

  /**
   * Rules of accessibility that the page, or a part of it, breaks; everything is checked that axe knows.
   * @param {string} [within] CSS selector
   */
  async assertAccessible(within) {
    // By the debugger's door: the page's own policy does not let scripts in.
    if (!(await this.page.evaluate('"axe" in globalThis'))) await this.page.evaluate(AXE);
    const found = await this.page.evaluate(async (selector) => {
      const axe = /** @type {any} */ (globalThis).axe;
      const { violations, passes } = await axe.run(selector ? { include: [[selector]] } : document);
      const broken = violations.map((/** @type {any} */ rule) =>
        `${rule.id}: ${rule.nodes.map((/** @type {any} */ node) => `${node.target.flat()} ${node.failureSummary}`).join('; ')}`);
      return { broken, passed: passes.length };
    }, within);
    assert.deepEqual(found.broken, []);
    assert.ok(found.passed > 5, 'axe looked at something');
  }

  /**
   * Opens a page with `data-debug` and waits until the tag has decided: the tag itself is all that was asked for.
   * @param {{url: string}} page
   */
  async assertAskedNothing(page) {
    this.said.length = 0;
    this.requests.length = 0;
    await this.page.goto(page.url, { waitUntil: 'load' });
    await until('the tag has decided', async () => this.said.some((line) => /no survey|nothing/.test(line)));
    assert.equal(await this.question.count(), 0);
    const asked = this.requests.map((url) => new URL(url).pathname).filter((path) => !/^\/(products|shop)/.test(path));
    assert.equal(asked.length, 1, `${asked}`);
    assert.match(asked[0], /^\/v1\/pk_/);
  }

  /** No line to read or scroll sideways for. */
  async assertFitsWidth() {
    const over = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    assert.equal(over, 0, 'the page scrolls sideways');
  }

  /**
   * What holds for every page that people read: it fits the screen, everybody can use it, and nothing in it moves.
   * @param {string} [when]
   */
  async assertSound(when) {
    await this.assertFitsWidth();
    await this.assertAccessible();
    await this.assertStill(when);
  }

  /**
   * Whatever the browser complained about fails the test.
   * @param {RegExp} [expected] complaints that belong to the test
   */
  assertQuiet(expected) {
    assert.deepEqual(this.errors.filter((error) => !expected?.test(error)), []);
  }

  /**
   * Ends the visit, and looks back on it.
   * @param {RegExp} [expected] complaints that belong to the test
   */
  async end(expected) {
    await this.context.close();
    this.assertQuiet(expected);
  }
}
