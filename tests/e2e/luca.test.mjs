// Luca sends shoes back: from the order to the proof that sending back became easier.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { Mailbox } from './mailbox.mjs';
import { BINARY, Stage, until } from './stage.mjs';

const DAY_MS = 864e5;
const SECRET = 'the-secret-of-the-shop';
const ORDER = 820982911946154508n;

/** @type {Mailbox} */
let mailbox;
/** @type {Stage} */
let stage;
before(async () => {
  mailbox = await Mailbox.open();
  stage = await Stage.open({ PARERE_SMTP_URL: mailbox.url, PARERE_MAIL_FROM: 'Bottega Fiorini <ask@shop.example>' });
});
after(async () => {
  await stage.close();
  await mailbox.close();
});

/** @param {number} days */
const daysAgo = (days) => new Date(Date.now() - days * DAY_MS).toISOString();

/**
 * What Shopify sends, signed as it signs.
 * @param {string} site
 * @param {string} topic
 * @param {string} body
 */
async function tell(site, topic, body) {
  const reply = await fetch(`${stage.collector.url}/hooks/shopify/${site}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-webhook-id': topic,
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
    },
    body,
  });
  assert.equal(reply.status, 200, `${topic}: ${await reply.text()}`);
}

/** The life of one order, up to the return that is closed now. */
const MESSAGES = /** @type {const} */ ([
  ['orders/create', `{"id":${ORDER},"name":"#1001","email":"luca@shopper.example","created_at":"${daysAgo(9)}","updated_at":"${daysAgo(9)}",
    "customer_locale":"it-IT","customer":{"id":115310627314723954,"first_name":"Luca"},
    "shipping_address":{"country_code":"IT","province_code":"TO"},"line_items":[{"id":1,"sku":"SHOE-42","quantity":1}]}`],
  ['fulfillment_events/create', `{"id":2,"fulfillment_id":123456,"order_id":${ORDER},"status":"delivered","happened_at":"${daysAgo(5)}"}`],
  ['returns/close', `{"id":7001,"admin_graphql_api_id":"gid://shopify/Return/7001","status":"closed","order":{"id":${ORDER}}}`],
]);

/**
 * Answers of the past, as a file of another program: forty days of effort, the last fourteen of them easier.
 * @param {string} file
 */
async function writePast(file) {
  const lines = ['id,when,effort,where'];
  for (let n = 0; n < 120; n += 1) {
    const day = 40 - n / 3;
    const isEasier = day <= 14;
    const score = isEasier ? [1, 2, 2, 3][n % 4] : [4, 5, 6, 5][n % 4];
    lines.push(`${n},${daysAgo(day + 0.001)},${score},returns`);
  }
  await writeFile(file, `${lines.join('\n')}\n`);
}

test('Luca sends shoes back, says how hard it was, and it becomes easier', async () => {
  const { collector } = stage;
  const site = await collector.site({
    slug: 'ces', metric: 'ces', languages: ['it'], touchpoint: 'returns', brand: 'Bottega Fiorini',
    scale: { min: 1, max: 7, polarity: 'low_is_good', look: 'numbers' },
  });
  await collector.api('PUT', `/sites/${site}/sources/shopify`, { secret: SECRET });
  await collector.api('POST', `/sites/${site}/rules`, {
    name: 'Dopo il reso', survey: 'ces', when: 'return_finished', quiet_hours: ['00:00', '00:00'], state: 'on',
  });
  for (const [topic, body] of MESSAGES) await tell(site, topic, body);
  // Shopify tells what it told once more when it heard no reply.
  for (const [topic, body] of MESSAGES) await tell(site, topic, body);

  await until('the mail is there', async () => mailbox.mails.length > 0);
  assert.match(mailbox.mails[0], /^To: .*luca@shopper\.example/m);
  const visit = await stage.visit({ locale: 'it-IT', viewport: { width: 390, height: 800 } });
  const { page } = visit;
  await page.setContent(Mailbox.html(mailbox.mails[0]));
  assert.equal(await page.locator('html').getAttribute('lang'), 'it');
  await page.locator('a[href*="?score=2"]').click();
  await page.getByRole('radio', { checked: true }).waitFor();
  assert.equal((await collector.api('GET', `/sites/${site}/responses`)).responses.length, 0, 'opening it says nothing');
  await page.getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('textbox').fill('Facile, ma ho dovuto stampare l’etichetta');
  await page.getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('heading', { name: /Grazie/ }).waitFor();
  await visit.end();

  const { responses } = await collector.api('GET', `/sites/${site}/responses`);
  assert.equal(responses.length, 1);
  const [answer] = responses;
  assert.deepEqual(
    [answer.score, answer.band, answer.channel, answer.touchpoint, answer.ref, answer.locale, answer.comment, answer.flags],
    [2, 'positive', 'email', 'returns', String(ORDER), 'it', 'Facile, ma ho dovuto stampare l’etichetta', []],
  );
  const scores = await collector.api('GET', `/sites/${site}/scores?survey=ces`);
  assert.equal(scores.bands.positive, 1, 'of seven where one is very easy, two is good');
  assert.equal(mailbox.mails.length, 1, 'asked once');

  // What was answered before the labels came printed, and since: out of the program that was there before.
  const file = join(collector.folder, 'past.csv');
  await writePast(file);
  await promisify(execFile)(BINARY, [
    'import', file, '--site', site, '--survey', 'ces', '--format', 'csv', '--source', 'past',
    '--map', 'id=id,occurred_at=when,score=effort,touchpoint=where',
  ], { cwd: collector.folder });
  const mark = await collector.api('POST', `/sites/${site}/marks`, {
    survey: 'ces', touchpoint: 'returns', date: daysAgo(14).slice(0, 10), text: 'Etichette già stampate',
  });
  const comparison = await collector.api('GET', `/sites/${site}/marks/${mark.mark}/comparison?days=14`);
  assert.equal(comparison.movement, 'down', JSON.stringify(comparison));
  assert.ok(comparison.later.score < comparison.earlier.score, 'less effort');
  assert.equal(comparison.is_better, true);
  assert.match(comparison.sentence, /^Down .* since the 14 days before it, likely between .*: better\.$/);

  const owner = await stage.visit({ viewport: { width: 1280, height: 900 } });
  await stage.enter(owner.page);
  await owner.page.goto(`${collector.url}/dashboard/${site}/journey`);
  const returns = owner.page.getByRole('listitem').filter({ has: owner.page.getByRole('heading', { name: /returns/i }) });
  await returns.getByText('Customer effort score · ces').waitFor();
  // The page's 30 days, by the shop's calendar.
  const from = new Date(daysAgo(29)).toLocaleDateString('sv-SE', { timeZone: 'Europe/Rome' });
  const { series } = await collector.api('GET', `/sites/${site}/scores?survey=ces&by=touchpoint&from=${from}`);
  const atReturns = series.find((/** @type {any} */ point) => point.key === 'returns').score;
  assert.ok(Math.abs(Number(await returns.locator('.value').innerText()) - atReturns) < 0.06, `effort at the returns: ${atReturns}`);
  await owner.assertAccessible();
  await owner.page.goto(`${collector.url}/dashboard/${site}/surveys/ces`);
  await owner.page.locator('#marks').getByText('Etichette già stampate').waitFor();
  await owner.page.locator('#marks').getByText(/^Down .* since the \d+ days before it, likely between .*: better\.$/).waitFor();
  await owner.assertAccessible();
  await owner.end();
});
