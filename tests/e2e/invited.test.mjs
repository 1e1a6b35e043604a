// A customer who is asked by mail: from the mail to the thanks, by the keyboard alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Mailbox } from './mailbox.mjs';
import { Stage, until } from './stage.mjs';

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

/** Goes on until something with this name has the focus. @param {import('playwright-core').Page} page @param {string} name */
async function tabTo(page, name) {
  for (let n = 0; n < 20; n += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
    if (focused?.includes(name)) return;
  }
  assert.fail(`no way to ${name} by the keyboard`);
}

test('a mail in Italian leads to one answer, by the keyboard alone and without a script', async () => {
  await stage.collector.api('POST', '/sites/pk_demo/invitations', {
    survey: 'ces', channel: 'email', key: 'return-1', address: 'luca@example.com', ref: 'R-1', locale: 'it',
  });
  await until('the mail is there', async () => mailbox.mails.length > 0);
  const html = Mailbox.html(mailbox.mails[0]);
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const visit = await stage.visit({ javaScriptEnabled: true, locale: 'it-IT', colorScheme, viewport: { width: 360, height: 740 } });
    await visit.page.setContent(html);
    await visit.assertAccessible();
    await visit.assertFitsWidth();
    // No point stands alone under the others.
    const tops = await visit.page.locator('a[href*="?score="]').evaluateAll((all) => all.map((point) => point.getBoundingClientRect().top));
    assert.deepEqual([...new Set(tops)].map((top) => tops.filter((other) => other === top).length), [4, 3]);
    await visit.end();
  }
  const visit = await stage.visit({ javaScriptEnabled: false, locale: 'it-IT' });
  const { page } = visit;
  await page.setContent(html);
  assert.equal(await page.locator('html').getAttribute('lang'), 'it');
  const points = page.locator('a[href*="?score="]');
  assert.equal(await points.count(), 7);
  assert.deepEqual(visit.requests, [], 'a mail fetches nothing');
  await tabTo(page, '2');
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { checked: true }).waitFor();
  const list = await stage.collector.api('GET', '/sites/pk_demo/responses?limit=10');
  assert.equal(list.responses.length, 0, 'nothing is recorded by opening it');
  await visit.assertFitsWidth();
  await page.getByRole('radio', { checked: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Risposta registrata.').waitFor();
  await tabTo(page, 'Invia');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /Grazie/ }).waitFor();
  const { responses } = await stage.collector.api('GET', '/sites/pk_demo/responses?limit=10');
  const told = responses.map((/** @type {any} */ row) => [row.survey, row.score, row.channel, row.ref, row.locale, row.flags]);
  assert.deepEqual(told, [['ces', 2, 'email', 'R-1', 'it', []]]);
  await visit.end();
});

test('the page of invitations says what came of them, to everybody', async () => {
  for (const [colorScheme, width] of /** @type {const} */ ([['light', 360], ['dark', 1280]])) {
    const visit = await stage.visit({ colorScheme, viewport: { width, height: 800 } });
    const { page } = visit;
    await stage.enter(page);
    await page.goto(`${stage.collector.url}/dashboard/pk_demo/invitations`);
    await page.getByText(/^1 of \d that were sent were answered: \d+ %, likely between/).waitFor();
    await visit.assertAccessible();
    await visit.assertFitsWidth();
    await page.getByRole('textbox', { name: /A table with the columns/ }).fill(`survey,channel,key\nnps,link,${colorScheme}\n`);
    await page.getByRole('button', { name: 'Invite them' }).click();
    await page.getByText('nps · link').first().waitFor();
    await visit.end();
  }
});

test('a file with customers is taken without a script, or the page says what is wrong with it', async () => {
  const visit = await stage.visit({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
  const { page } = visit;
  await stage.enter(page);
  await page.goto(`${stage.collector.url}/dashboard/pk_demo/invitations`);
  const file = page.getByLabel('The same table as a CSV file');
  const button = page.getByRole('button', { name: 'Invite those of the file' });
  await file.setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from('survey,channel,key,adress\nnps,link,1,x\n') });
  await button.click();
  await page.getByRole('alert').getByText('adress: ').waitFor();
  await visit.assertFitsWidth();
  const lines = Array.from({ length: 1500 }, (_, n) => `nps,link,file-${n}`);
  const table = ['survey,channel,key', ...lines].join('\n');
  assert.ok(table.length > 16 * 1024);
  await file.setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await button.click();
  await page.getByRole('row', { name: /^Sent 1,5\d\d$/ }).waitFor();
  await visit.end(/422/);
});

for (const [colorScheme, width] of /** @type {const} */ ([['light', 360], ['dark', 1280]])) {
  test(`a table that is refused is told of on a page for everybody, ${colorScheme}`, async () => {
    const visit = await stage.visit({ colorScheme, viewport: { width, height: 800 } });
    const { page } = visit;
    await stage.enter(page);
    await page.goto(`${stage.collector.url}/dashboard/pk_demo/invitations`);
    for (const [table, told] of [
      ['survey,channel,key,adress\nnps,link,1,x\n', 'adress: '],
      ['survey,channel,key\nnps,pigeon,1\nnothing,link,2\n', 'channel: '],
      ['\u0000\u0001', ''],
    ]) {
      const before = await stage.collector.api('GET', '/sites/pk_demo/invitations');
      await page.getByLabel('The same table as a CSV file').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
      await page.getByRole('button', { name: 'Invite those of the file' }).click();
      await page.getByRole('alert').getByText(told).first().waitFor();
      await visit.assertSound(`a file: ${told}`);
      await page.getByRole('textbox', { name: /A table with the columns/ }).fill(table.replaceAll(/\p{Cc}/gu, (sign) => (sign === '\n' ? sign : '?')));
      await page.getByRole('button', { name: 'Invite them' }).click();
      await page.getByRole('alert').first().waitFor();
      await visit.assertSound(`a text: ${told}`);
      assert.notEqual(await page.getByRole('textbox', { name: /A table with the columns/ }).inputValue(), '', 'what was entered is not lost');
      assert.deepEqual(await stage.collector.api('GET', '/sites/pk_demo/invitations'), before, 'nobody of it is invited');
    }
    await visit.end(/422/);
  });
}

test('cards are printed from the page, on the paper that is there', async () => {
  const visit = await stage.visit({ javaScriptEnabled: false });
  const { page } = visit;
  await stage.enter(page);
  await page.goto(`${stage.collector.url}/dashboard/pk_demo/invitations`);
  await page.getByLabel('Survey', { exact: true }).selectOption('nps');
  await page.getByLabel('Paper', { exact: true }).selectOption('letter');
  const asked = page.waitForRequest((request) => request.url().includes('/cards.pdf'));
  await page.getByRole('button', { name: 'Make the PDF' }).click();
  const { searchParams } = new URL((await asked).url());
  assert.deepEqual(Object.fromEntries(searchParams), { survey: 'nps', paper: 'letter' });
  const sheet = await page.context().request.get((await asked).url());
  assert.equal(sheet.headers()['content-type'], 'application/pdf');
  // The browser asks for an icon of the sheet, which no page of ours does: theirs is written in them.
  await visit.end(/404/);
});
