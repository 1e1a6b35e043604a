// What strangers may write, in every field that they reach, read by a merchant on every page: it stays text.
// What a merchant may write is met by shoppers in the same way.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

/** @type {string[]} */
const HOSTILE = JSON.parse(await readFile(new URL('../cases/hostile.json', import.meta.url), 'utf8'));

/** Answers in one request. */
const BATCH = 20;

/** A control character, which no field takes; line ends and tabs stand in none of the texts. */
const hasControl = (/** @type {string} */ text) => /\p{Cc}/u.test(text);

/** More than a reference, a ticket or a key may have. */
const isLong = (/** @type {string} */ text) => [...text].length > 128;

/** @type {Stage} */
let stage;
/** @type {string} */
let site;
before(async () => {
  stage = await Stage.open();
  site = await stage.collector.site({});
});
after(() => stage.close());

/**
 * Every stranger's field says `text`, as far as the collector lets it.
 * @param {string} text
 * @param {number} n
 */
const answer = (text, n) => ({
  site, survey: 'nps', id: `019aa2b4-7c00-7abc-8def-${String(n).padStart(12, '0')}`, revision: 1, score: n % 11,
  comment: text, page: `/${text}`, ref: text, subject: text, touchpoint: text.slice(0, 60),
  attributes: { [text.slice(0, 60)]: text, ticket: text },
});

/**
 * Sends answers and gives back those that break a rule.
 * @param {any[]} answers
 */
async function post(answers) {
  if (!answers.length) return [];
  const reply = await fetch(`${stage.collector.url}/v1/responses`, {
    method: 'POST', body: JSON.stringify(answers), headers: { 'user-agent': HOSTILE[0] },
  });
  assert.equal(reply.status, 200);
  const { results } = await reply.json();
  return answers.filter((_, at) => results[at].status === 'rejected');
}

/**
 * Says each text, and gives back those that are refused by a status that is expected; any other ends the test.
 * @param {string[]} texts
 * @param {number} status
 * @param {(text: string, n: number) => Promise<unknown>} say
 */
async function refused(texts, status, say) {
  const found = [];
  for (const [n, text] of texts.entries()) {
    const wrong = await say(text, n).then(() => undefined, (/** @type {Error} */ error) => error.message);
    if (wrong === undefined) continue;
    assert.ok(wrong.includes(`: ${status} `), wrong);
    found.push(text);
  }
  return found;
}

test('what strangers write stays text on every page of the dashboard', async () => {
  let whole = 0;
  /** @type {string[]} */
  const untold = [];
  for (let at = 0; at < HOSTILE.length; at += BATCH) {
    const batch = HOSTILE.slice(at, at + BATCH).map((text, n) => answer(text, at + n));
    const broken = await post(batch);
    whole += batch.length - broken.length;
    const left = await post(broken.map(({ id, score, comment }) => ({ site, survey: 'nps', id, revision: 1, score, comment })));
    untold.push(...left.map(({ comment }) => comment));
  }
  // A field that is none at all is refused, never changed into something else.
  assert.deepEqual(untold, HOSTILE.filter(hasControl));
  assert.ok(whole >= 60, `${whole} were taken in every field`);

  // A help desk names its tickets as it likes.
  const at = new Date(Date.now() - 864e5).toISOString();
  const tickets = await refused(HOSTILE, 422, (text) => stage.collector.api('POST', `/sites/${site}/tickets`, {
    ticket: text, event: 'created', at, channel: text.slice(0, 60), tags: [text.slice(0, 60)],
  }));
  assert.deepEqual(tickets, HOSTILE.filter((text) => hasControl(text) || isLong(text)));
  const told = await stage.collector.api('GET', `/sites/${site}/speed`);
  assert.ok(told.tickets >= 60 && told.slow_and_unhappy.length > 0, JSON.stringify(told));

  // A program may be told anything, too, of whom to invite.
  const invitations = await refused(HOSTILE, 422, (text) => stage.collector.api('POST', `/sites/${site}/invitations`, {
    survey: 'nps', channel: 'link', key: text, ref: text, ticket: text,
  }));
  assert.deepEqual(invitations, HOSTILE.filter((text) => hasControl(text) || isLong(text)));

  // Whoever knows the address of a connection can send anything there; it is refused, and told of in our own words.
  await stage.collector.api('PUT', `/sites/${site}/sources/tickets`, {});
  for (const text of HOSTILE.slice(0, 20)) {
    const headers = { 'webhook-id': 'm', 'webhook-timestamp': '0', 'webhook-signature': 'v1,AAAA', 'user-agent': HOSTILE[0] };
    const reply = await fetch(`${stage.collector.url}/hooks/tickets/${site}`, { method: 'POST', body: text, headers });
    assert.equal(reply.status, 401);
  }
  // Colleagues and programs write rules, marks and notes; the first of them suffice.
  const { cases } = await stage.collector.api('GET', `/sites/${site}/cases`);
  const unwritten = await refused(HOSTILE.slice(0, 30), 422, async (text, n) => {
    const rule = { name: text, survey: 'nps', when: 'delivered', after_days: 1, conditions: [{ fact: 'attribute', name: 'carrier', op: 'is', values: [text] }] };
    await stage.collector.api('POST', `/sites/${site}/rules`, rule);
    await stage.collector.api('POST', `/sites/${site}/marks`, { survey: 'nps', text });
    await stage.collector.api('PATCH', `/sites/${site}/cases/${cases[n % cases.length].id}`, { note: text });
  });
  assert.deepEqual(unwritten, [], 'all of it is text');
  const { rules } = await stage.collector.api('GET', `/sites/${site}/rules`);

  const visit = await stage.visit({ viewport: { width: 360, height: 740 } });
  const { page } = visit;
  await stage.enter(page);
  /** Nothing ran, nothing was fetched from elsewhere, nothing grew out of the page. @param {string} where */
  const isCalm = async (where) => {
    await visit.assertFitsWidth();
    assert.equal(await page.evaluate('window.pwned'), undefined, where);
    assert.equal(await page.locator('main img, main iframe, main object, main embed, main base, main form[action*=evil]').count(), 0, where);
    assert.ok(visit.requests.every((url) => url.startsWith(stage.collector.url)), `${where}: ${visit.requests}`);
  };
  const paths = [
    '', `/${site}/surveys/nps?period=all`, `/${site}/journey?period=all`, `/${site}/speed?period=all`, `/${site}/invitations`, `/${site}/cases`, '/api',
    `/${site}/connections`, `/${site}/rules`, `/${site}/rules/${rules[0].rule}`, `/${site}/webhooks`, `/${site}/desk-hours`, `/${site}/data`, '/audit',
  ];
  for (const path of paths) {
    await page.goto(`${stage.collector.url}/dashboard${path}`);
    await isCalm(path);
  }
  await page.goto(`${stage.collector.url}/dashboard/${site}/comments`);
  /** @type {string[]} */
  const links = [];
  /** @type {string[]} */
  const said = [];
  for (;;) {
    await isCalm(page.url());
    said.push(...await page.locator('blockquote').evaluateAll((quotes) => quotes.map((quote) => quote.textContent ?? '')));
    links.push(...await page.locator('.comments a[href*="/responses/"]').evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href)));
    const next = page.getByRole('link', { name: 'Earlier comments' });
    if (await next.count() === 0) break;
    await next.click();
  }
  assert.ok(links.length >= 60, `${links.length} answers`);
  assert.ok(said.includes(HOSTILE[0]) && said.includes(HOSTILE[8]), 'word by word');
  for (const link of links) {
    await page.goto(link);
    await isCalm(link);
  }
  // So does the page on which somebody is looked up, and the question whether an answer shall be erased.
  for (const text of HOSTILE.slice(0, 20)) {
    const reference = text.replace(/[\r\n]/g, '').slice(0, 60);
    if (!reference.trim()) continue;
    await page.goto(`${stage.collector.url}/dashboard/${site}/data`);
    await page.getByLabel('Reference').fill(reference);
    await page.getByRole('button', { name: 'Look it up' }).click();
    await isCalm(reference);
    assert.equal(await page.getByLabel('Reference').inputValue(), reference);
  }
  await page.goto(`${links[0]}/erase`);
  await isCalm('erase');
  // The search gives back what was looked for.
  for (const text of HOSTILE.slice(0, 20)) {
    await page.goto(`${stage.collector.url}/dashboard/${site}/comments?q=${encodeURIComponent(text)}`);
    await isCalm(text);
    assert.equal(await page.getByRole('searchbox').inputValue(), text);
  }
  await visit.end();
});

test('what a merchant writes stays text in front of shoppers', async () => {
  const visit = await stage.visit();
  const { page } = visit;
  const printable = HOSTILE.filter((text) => !/[\u0000-\u001f\u007f-\u009f]/.test(text) && text.trim());
  for (let at = 0; at + 4 < printable.length; at += 5) {
    const [question, low, high, thanks, why] = printable.slice(at, at + 5);
    const cut = (/** @type {string} */ text) => text.slice(0, 40);
    const own = await stage.collector.site({
      brand: cut(question),
      texts: { en: { question, low: cut(low), high: cut(high), thanks } },
      follow_ups: [{ from: 0, to: 10, question: { en: why }, comment: true }],
    });
    await visit.page.goto(stage.shop.page({ site: own, slot: 'sized' }).url);
    await visit.asked();
    await visit.option(/^5 of 10/).click();
    await visit.comment.waitFor();
    await visit.button('submit').click();
    await visit.thanks.waitFor();
    assert.equal(await page.evaluate('window.pwned'), undefined, question);
    await page.goto(`${stage.collector.url}/s/${own}/nps`);
    assert.equal(await page.evaluate('window.pwned'), undefined, question);
    assert.equal(await page.locator('main img, main iframe').count(), 0, question);
  }
  await visit.end();
});
