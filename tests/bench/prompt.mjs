// How long a shopper waits for the question on a slow phone and a slow link: the tag, the tag with everything inside,
// and a prompt that was written by hand, by turns on the same page.
//
//   cargo build --locked --release && PARERE_BIN=target/release/parere node tests/bench/prompt.mjs [rounds]

import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

import { Shop } from '../e2e/shop.mjs';
import { Stage } from '../e2e/stage.mjs';

const ROUNDS = Number(process.argv[2] ?? 9);
/** Of the processor, as the browser's own tools slow it down. */
const SLOWER = 4;
/** A mobile network: round trip, and bytes a second. */
const LINK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
const CONFIG = {
  question: 'How likely are you to recommend Bottega Fiorini to a friend or colleague?',
  low: 'Not likely', high: 'Very likely', close: 'Close', thanks: 'Thank you! Your answer helps us.',
};

/**
 * Runs in the page before anything else: notes when the first frame with all points of the scale has been painted,
 * and tasks of 50 ms and more.
 */
function watch() {
  const noted = /** @type {any} */ (globalThis);
  noted.benchLong = 0;
  new PerformanceObserver((list) => noted.benchLong += list.getEntries().length).observe({ type: 'longtask', buffered: true });
  const look = () => {
    const roots = [...document.querySelectorAll('body > *, parere-survey')].map((node) => node.shadowRoot);
    const points = roots.flatMap((root) => [...(root?.querySelectorAll('[part~=option], .scale button') ?? [])]);
    if (points.length !== 11) return requestAnimationFrame(look);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (noted.benchVisible = performance.now());
    return port2.postMessage(0);
  };
  requestAnimationFrame(look);
}

const median = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const stage = await Stage.open();
const { shop, collector } = stage;
// Of another origin than the page, as the tag is.
const vendor = await Shop.open(collector);
const packed = (/** @type {string} */ text, /** @type {string} */ type) => {
  const headers = { 'content-type': type, 'content-encoding': 'br', 'cache-control': 'max-age=60', 'access-control-allow-origin': '*' };
  return vendor.write({ text: /** @type {any} */ (brotliCompressSync(text)), headers }).url;
};
const config = packed(JSON.stringify(CONFIG), 'application/json');
const source = await readFile(new URL('prompt/vanilla.js', import.meta.url), 'utf8');
const vanilla = packed(source.replace("base + '/config.json'", JSON.stringify(config)), 'text/javascript');
const site = await collector.site({ placement: 'popover' });
const story = '<p>Suede, crepe, three pairs of eyelets, made by hand in Ancona and sold by people who wear them.</p>'.repeat(60);
/** @type {Record<string, string>} */
const scripts = {
  'by hand, its texts fetched': vanilla,
  'the tag': `${collector.url}/v1/${site}.js`,
  'the tag with everything inside': `${collector.url}/v1/${site}.now.js`,
};
/** @type {Record<string, {waited: number[], requests: number[], long: number}>} */
const found = {};

for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, script] of Object.entries(scripts)) {
    const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Conero</title><script async src="${script}"></script><h1>Conero</h1>${story}`;
    const page = shop.write({ text, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const visit = await stage.visit();
    await visit.context.addInitScript(watch);
    const tools = await visit.context.newCDPSession(visit.page);
    await tools.send('Network.enable');
    await tools.send('Network.emulateNetworkConditions', LINK);
    await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await visit.page.goto(page.url);
    await visit.page.waitForFunction('globalThis.benchVisible');
    // Tasks are told a little after they end.
    await visit.page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
    const [visible, asked, requests, long] = await visit.page.evaluate((src) => {
      const entries = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
      const began = /** @type {PerformanceEntry} */ (performance.getEntriesByName(src)[0]).startTime;
      const at = /** @type {any} */ (globalThis).benchVisible;
      return [at, began, entries.filter((entry) => entry.responseEnd && entry.responseEnd < at && !entry.name.endsWith('favicon.ico')).length, /** @type {any} */ (globalThis).benchLong];
    }, script);
    await visit.context.close();
    // The first round warms what there is to warm.
    if (round === 0) continue;
    found[name] ??= { waited: [], requests: [], long: 0 };
    found[name].waited.push(visible - asked);
    found[name].requests.push(requests);
    found[name].long += long;
  }
}
await vendor.close();
await stage.close();

const base = median(found['by hand, its texts fetched'].waited);
console.log('| | from the script\'s request to the question, ms | of the one by hand | requests | long tasks a page |\n|---|---:|---:|---:|---:|');
for (const [name, { waited, requests, long }] of Object.entries(found)) {
  const [least, most] = [Math.min(...waited), Math.max(...waited)].map(Math.round);
  console.log(`| ${name} | ${Math.round(median(waited))} (${least}–${most}) | ${(median(waited) / base).toFixed(2)} | ${median(requests)} | ${(long / waited.length).toFixed(1)} |`);
}
