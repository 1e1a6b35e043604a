// The rules of targeting as the wasm knows them, held to the table that the native code is held to (widget/src/ask.rs).

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Collector } from './stage.mjs';

const TABLE = JSON.parse(await readFile(new URL('../cases/targeting.json', import.meta.url), 'utf8'));
const DAY = { url: '/', now: '2026-11-21T10:00:00Z', screen: 1280, language: 'en', attributes: {}, memory: '' };

/** @type {Collector} */
let collector;
/** @type {string} */
let folder;
/** @type {any} the half of the widget that asks */
let asking;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parere-targeting-'));
  collector = new Collector(folder);
  await collector.start();
  const tag = await (await fetch(`${collector.url}/v1/pk_demo.js`)).text();
  const build = tag.match(/\["pk_demo","(\w+)"/)?.[1];
  const file = async (/** @type {string} */ extension) => fetch(`${collector.url}/assets/parere-ask-${build}.${extension}`);
  await writeFile(join(folder, 'ask.mjs'), await (await file('js')).text());
  asking = await import(join(folder, 'ask.mjs'));
  await asking.default(await WebAssembly.compile(await (await file('wasm')).arrayBuffer()));
});
after(async () => {
  await collector.stop();
  await rm(folder, { recursive: true });
});

/**
 * What the wasm says of a visit, in the words of the table.
 * @param {Uint8Array} config
 * @param {any} visit
 */
function verdict(config, visit) {
  const { url, now, screen, language, referrer, visitor, views, attributes, memory, visitor_number, ref, is_due, is_forced } =
    { ...DAY, ...visit };
  const facts = ['pk_stage', visitor_number, is_forced && 1, screen, '', url, ref, '', language, referrer, visitor, views];
  const said = Object.entries(attributes).map(([name, value]) => `${name}\0${value}\0`).join('');
  const text = `${facts.map((fact) => fact || '').join('\0')}\0${said}`;
  const [kind, ...values] = asking.judge(text, memory, config, !!is_due, Date.parse(now)).split('\0');
  return kind === 'draw' ? kind : [kind, ...values].join(' ');
}

for (const { name, survey, visits } of TABLE) {
  test(name, async () => {
    const site = await collector.site({ targeting: {}, ...survey });
    const config = new Uint8Array(await (await fetch(`${collector.url}/assets/${site}.nps.en-0.bin`)).arrayBuffer());
    for (const visit of visits) assert.equal(verdict(config, visit), visit.is, JSON.stringify(visit));
  });
}
