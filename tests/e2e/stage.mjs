// The stage on which a test plays: a real collector, a shop of another origin that embeds it, and a browser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { Shop } from './shop.mjs';
import { Visit } from './visit.mjs';

const TOKEN = 'e2e-token-0123456789abcdef';

/** Whoever makes the first account of a collector. */
export const OWNER = { email: 'owner@shop.example', password: 'correct horse' };

/** The program under test. */
export const BINARY = process.env.PARERE_BIN ? resolve(process.env.PARERE_BIN) : fileURLToPath(new URL('../../target/debug/parere', import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

// What a test waits for comes within a second, or on the third try to send it; what has not come by then never will.
export const PATIENCE_MS = 30_000;

// Nothing but our own pages: a browser that looks for updates logs errors that are not ours.
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
  // Names other than localhost, which browsers trust without a certificate.
  '--host-resolver-rules=MAP *.test localhost',
];

/**
 * Waits until `ask` gives something true, and returns it.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} ask
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, ask) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    assert.ok(Date.now() < deadline, `never happened: ${what}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}

/** A collector process with a database of its own; it can go down and come back at the same address. */
export class Collector {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    this.token = TOKEN;
    this.url = '';
    /** How many sites were made. */
    this.sites = 0;
    /** The address at which whoever started the program makes the first account; empty where there is one. */
    this.signIn = '';
    /** @type {import('node:child_process').ChildProcess | undefined} */
    this.process = undefined;
    /** Further options, by their names in the environment. @type {Record<string, string>} */
    this.options = {};
  }

  /** Starts it where it does not run yet. */
  async start() {
    if (this.isRunning) return;
    const address = this.url ? new URL(this.url).host : '127.0.0.1:0';
    const started = spawn(BINARY, ['--listen', address, '--rate-limit', 'off', '--log', 'error'], {
      cwd: this.folder,
      env: { PARERE_ADMIN_TOKEN: TOKEN, ...this.options },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.process = started;
    this.url = await new Promise((resolve, reject) => {
      let said = '';
      started.stdout.on('data', (text) => {
        said += text;
        const tag = said.match(/src="(http:\/\/[^/"]+)\//);
        this.signIn = said.match(/http\S+\/dashboard\/\S+/)?.[0] ?? '';
        if (tag) resolve(tag[1]);
      });
      started.once('error', reject);
      started.once('exit', (code) => reject(new Error(`${BINARY} ended with ${code}: ${said}`)));
    });
    await until('the collector is ready', async () => (await fetch(`${this.url}/readyz`)).ok);
  }

  get isRunning() {
    return this.process?.exitCode === null && !this.process.signalCode;
  }

  /** As a power cut. */
  async stop() {
    const running = this.process;
    if (!running || !this.isRunning) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  }

  /**
   * An operator's request; anything but a success fails the test.
   * @param {string} method
   * @param {string} path below /api/v1
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async api(method, path, body) {
    const reply = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await reply.text();
    assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${text}`);
    return text && JSON.parse(text);
  }

  /**
   * A site of its own with one survey, by default NPS in English; returns its key.
   * @param {Record<string, unknown>} survey
   */
  async site(survey) {
    this.sites += 1;
    const key = `pk_stage_${this.sites}`;
    await this.api('POST', '/sites', { site: key, name: 'Stage', zone: 'Europe/Rome', origins: ['*'] });
    await this.api('POST', `/sites/${key}/surveys`, {
      slug: 'nps', state: 'live', metric: 'nps', languages: ['en'],
      scale: { min: 0, max: 10, polarity: 'high_is_good', look: 'numbers' },
      targeting: { recontact: { answered_days: 0, dismissed_days: 0, other_days: 0 } },
      ...survey,
    });
    return key;
  }

  /**
   * Stored answers that were given on the page at `path`.
   * @param {string} path
   * @param {string} [site]
   * @returns {Promise<any[]>}
   */
  async answers(path, site = 'pk_demo') {
    const page = await this.api('GET', `/sites/${site}/responses?limit=500`);
    return page.responses.filter((/** @type {{page: string}} */ row) => row.page === path);
  }

  /**
   * Waits for the one answer from `path` at a revision.
   * @param {string} path
   * @param {number} revision
   * @param {string} [site]
   */
  async answer(path, revision, site) {
    return until(`revision ${revision} of the answer from ${path}`, async () => {
      const rows = await this.answers(path, site);
      assert.ok(rows.length <= 1, `stored twice: ${JSON.stringify(rows)}`);
      return rows.find((row) => row.revision === revision);
    });
  }
}

/**
 * Starts a browser.
 * @param {string[]} [habits] of browsers under test that this one is not to have
 */
export function launch(habits) {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, ignoreDefaultArgs: habits });
}

/** The whole stage. */
export class Stage {
  /**
   * @param {Collector} collector
   * @param {Shop} shop
   * @param {import('playwright-core').Browser} browser
   */
  constructor(collector, shop, browser) {
    this.collector = collector;
    this.shop = shop;
    this.browser = browser;
  }

  /** @param {Record<string, string>} [options] of the collector, by their names in the environment */
  static async open(options = {}) {
    const collector = new Collector(await mkdtemp(join(tmpdir(), 'parere-e2e-')));
    collector.options = options;
    await collector.start();
    const shop = await Shop.open(collector);
    return new Stage(collector, shop, await launch());
  }

  /**
   * A shopper with a fresh browser profile.
   * @param {import('playwright-core').BrowserContextOptions} [options]
   * @param {import('playwright-core').Browser} [browser]
   */
  async visit(options, browser = this.browser) {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    return Visit.begin(context);
  }

  /**
   * Comes in to the dashboard: makes the first account by the printed link, or signs in with it.
   * @param {import('playwright-core').Page} page
   */
  async enter(page) {
    await page.goto(`${this.collector.url}/dashboard/sign-in`);
    const isFirst = (await page.getByText('There is no account yet').count()) > 0;
    if (isFirst) await page.goto(this.collector.signIn);
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    if (isFirst) await page.getByLabel('The same password again').fill(OWNER.password);
    await page.getByRole('button', { name: isFirst ? 'Make the account' : 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  async close() {
    await this.browser.close();
    await this.shop.close();
    await this.collector.stop();
    await rm(this.collector.folder, { recursive: true });
  }
}
