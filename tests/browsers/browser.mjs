// A browser under test: each is driven by its makers' own WebDriver, and by the same calls.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { Builder, Capabilities } from 'selenium-webdriver';
// @ts-expect-error its types leave this file out
import { DriverService } from 'selenium-webdriver/remote/index.js';

import { PATIENCE_MS } from '../e2e/stage.mjs';

/** Longer than a machine with much else to do takes to start a driver. */
const START_MS = 30_000;

const {
  CHROMIUM = '/usr/bin/chromium', CHROMEDRIVER = '/usr/bin/chromedriver',
  FIREFOX = '/usr/bin/firefox-esr', GECKODRIVER = 'geckodriver',
  MINIBROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', WEBKITDRIVER = '/usr/bin/WebKitWebDriver',
} = process.env;

/**
 * How a browser is started.
 * @typedef {object} Kind
 * @property {string} driver
 * @property {boolean} needsScreen there is no way to run it without one
 * @property {Record<string, unknown>} capabilities
 */

/** @type {Record<string, Kind>} */
export const KINDS = {
  Chromium: {
    driver: CHROMEDRIVER,
    needsScreen: false,
    capabilities: {
      browserName: 'chrome',
      'goog:chromeOptions': {
        binary: CHROMIUM,
        args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--window-size=1280,900'],
      },
    },
  },
  Firefox: {
    driver: GECKODRIVER,
    needsScreen: false,
    capabilities: {
      browserName: 'firefox',
      'moz:firefoxOptions': { binary: FIREFOX, args: ['-headless', '--width=1280', '--height=900'] },
    },
  },
  // What Safari draws and runs pages with, in the smallest window around it.
  WebKit: {
    driver: WEBKITDRIVER,
    needsScreen: true,
    capabilities: {
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: MINIBROWSER, args: ['--automation', '--geometry=1280x900'] },
    },
  },
};

/** A screen that nobody sees. */
async function openScreen() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const told = /** @type {import('node:stream').Readable} */ (server.stdio[3]);
  const number = await Promise.race([
    once(told, 'data').then(([text]) => String(text).trim()),
    once(server, 'exit').then(([code]) => Promise.reject(new Error(`Xvfb ended with ${code}`))),
    once(server, 'error').then(([error]) => Promise.reject(error)),
  ]);
  return { display: `:${number}`, close: () => server.kill() };
}

/** A port that was free just now: of the drivers, not every one can choose its own. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts a browser with a fresh profile.
 * @param {Kind} kind
 */
export async function start({ driver, needsScreen, capabilities }) {
  const screen = needsScreen ? await openScreen() : undefined;
  const port = await freePort();
  const env = /** @type {Record<string, string>} */ ({ ...process.env, ...(screen && { DISPLAY: screen.display }) });
  const service = new DriverService(driver, { port, loopback: true, args: [`--port=${port}`], env });
  const address = await service.start(START_MS);
  const browser = await new Builder().usingServer(address).withCapabilities(new Capabilities(capabilities)).build();
  await browser.manage().setTimeouts({ pageLoad: PATIENCE_MS, script: PATIENCE_MS });
  const close = async () => {
    await browser.quit();
    await service.kill();
    screen?.close();
  };
  return { browser, close };
}
