// How long a merchant waits for the dashboard, and how little that depends on how many have answered.
//
//   cargo build --locked --release && PARERE_BIN=target/release/parere node tests/bench/pages.mjs 10000 1000000
//
// For each number of answers a database is made by `parere demo` (10 million take minutes and 4 GB), then all servers
// are asked by turns. `PARERE_BENCH_FOLDER` keeps the databases for another run.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PROGRAM = resolve(process.env.PARERE_BIN ?? 'target/release/parere');
const TOKEN = 'bench-token-0123456789abcdef';
const ROUNDS = 15;
const SIZES = process.argv.slice(2).map(Number);
const SITE = '/dashboard/pk_demo';
const API = '/api/v1/sites/pk_demo';
const PAGES = [
  '/dashboard', `${SITE}/surveys/nps`, `${SITE}/surveys/ces`, `${SITE}/surveys/csat`, `${SITE}/journey`,
  `${SITE}/comments`, `${SITE}/comments?q=e`, `${SITE}/comments?q=nobody%20wrote%20this`, `${SITE}/comments?band=detractor`,
  `${SITE}/surveys/nps/versions`, '/dashboard/people', '/dashboard/audit',
  `${API}/scores?survey=nps`, `${API}/scores?survey=nps&by=day`, `${API}/scores?survey=nps&by=channel`, `${API}/funnel?survey=nps`,
];

const median = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** A collector with so many answers. */
async function open(/** @type {string} */ folder, /** @type {number} */ answers) {
  const home = join(folder, String(answers));
  await mkdir(home, { recursive: true });
  const isThere = await access(join(home, 'parere.db')).then(() => true, () => false);
  if (!isThere) {
    const demo = spawn(PROGRAM, ['demo', '--responses', String(answers), '--seed', '7'], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(demo, 'exit');
    if (code) throw new Error(`parere demo ended with ${code}`);
  }
  const env = { ...process.env, PARERE_ADMIN_TOKEN: TOKEN };
  const server = spawn(PROGRAM, ['--listen', '127.0.0.1:0', '--rate-limit', 'off', '--log', 'error'], { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => server.kill());
  let said = '';
  for await (const chunk of server.stdout) {
    said += chunk;
    if (/http:\/\/[\d.:]+\/dashboard/.test(said)) break;
  }
  const [, base] = /(http:\/\/[\d.:]+)\/dashboard/.exec(said) ?? [];
  const reply = await fetch(`${base}/dashboard/sign-in`, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ token: TOKEN }), headers: { origin: String(base) },
  });
  const cookie = reply.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  return { server, base, cookie };
}

if (!SIZES.length || SIZES.some((size) => !size)) throw new Error('say for how many answers, as in: node tests/bench/pages.mjs 10000 1000000');
const kept = process.env.PARERE_BENCH_FOLDER;
const folder = kept ?? await mkdtemp(join(tmpdir(), 'parere-pages-'));
const collectors = [];
for (const size of SIZES) collectors.push(await open(folder, size));
/** @type {Map<string, number[][]>} */
const found = new Map(PAGES.map((page) => [page, SIZES.map(() => [])]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const [page, waited] of found) {
    for (const [at, { base, cookie }] of collectors.entries()) {
      const headers = page.startsWith(API) ? { authorization: `Bearer ${TOKEN}` } : { cookie };
      const began = performance.now();
      const reply = await fetch(base + page, { headers });
      await reply.text();
      if (!reply.ok) throw new Error(`${page}: ${reply.status}`);
      // The first round warms what there is to warm.
      if (round) waited[at].push(performance.now() - began);
    }
  }
}
for (const { server } of collectors) {
  server.kill();
  await once(server, 'exit');
}
if (!kept) await rm(folder, { recursive: true });

console.log(`| ms, median of ${ROUNDS} | ${SIZES.map((size) => size.toLocaleString('en')).join(' | ')} | last of first |`);
console.log(`|---|${SIZES.map(() => '---:|').join('')}---:|`);
for (const [page, waited] of found) {
  const medians = waited.map(median);
  console.log(`| \`${decodeURI(page)}\` | ${medians.map((ms) => ms.toFixed(1)).join(' | ')} | ${(Number(medians.at(-1)) / medians[0]).toFixed(1)} |`);
}
