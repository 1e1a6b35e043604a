// The operator's page: from the link that the program prints to the score and what people said.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

const HOSTILE = '<img src=x onerror="document.title=1"> «bello» 👟 שלום';

/** Twelve answers to the first survey, the last with a comment. */
async function answerTwelveTimes() {
  const answers = [...Array(12).keys()].map((n) => ({
    site: 'pk_demo', survey: 'nps', id: `019aa2b4-7c00-7abc-8def-${String(n).padStart(12, '0')}`, revision: 1,
    score: n < 8 ? 10 : 3, locale: 'it', ...(n === 11 ? { comment: HOSTILE } : {}),
  }));
  const reply = await fetch(`${stage.collector.url}/v1/responses`, { method: 'POST', body: JSON.stringify(answers) });
  assert.equal(reply.status, 200);
}

test('from the printed link to the score and the comments', async () => {
  await answerTwelveTimes();
  const visit = await stage.visit();
  const { page } = visit;
  await stage.enter(page);
  assert.equal(new URL(page.url()).pathname, '/dashboard');
  await visit.assertAccessible();
  await page.getByRole('link', { name: /How likely|NPS|nps/ }).first().click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  const score = page.getByRole('region', { name: 'Score' });
  // 8 promoters and 4 detractors of 12, early days.
  assert.match(await score.innerText(), /33/);
  const table = page.getByRole('table').first();
  assert.equal(await table.getByRole('row', { name: /^10 / }).getByRole('cell').nth(1).innerText(), '8');
  assert.ok((await page.getByRole('listitem').allInnerTexts()).some((text) => text.includes(HOSTILE)), 'the comment, word by word');
  assert.notEqual(await page.title(), '1', 'and nothing in it ran');
  await visit.assertAccessible();
  await visit.end();
});

test('figures follow the answers while somebody looks', async () => {
  const visit = await stage.visit();
  const { page } = visit;
  await stage.enter(page);
  await page.goto(`${stage.collector.url}/dashboard/pk_demo/surveys/csat`);
  const score = page.getByRole('region', { name: 'Score' });
  assert.match(await score.innerText(), /No answers yet/);
  const answers = [...Array(20).keys()].map((n) => ({
    site: 'pk_demo', survey: 'csat', id: `019aa2b4-7c00-7abc-9def-${String(n).padStart(12, '0')}`, revision: 1,
    score: n < 15 ? 5 : 1, locale: 'it',
  }));
  await fetch(`${stage.collector.url}/v1/responses`, { method: 'POST', body: JSON.stringify(answers) });
  await score.getByText('75 %').first().waitFor();
  await page.getByRole('cell', { name: '15', exact: true }).first().waitFor();
  await visit.end();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`on a phone, ${colorScheme}`, async () => {
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = visit;
    await stage.enter(page);
    for (const path of [
      '/dashboard', '/dashboard/pk_demo/surveys/nps', '/dashboard/pk_demo/surveys/ces', '/dashboard/pk_demo/journey',
      '/dashboard/pk_demo/comments', '/dashboard/pk_demo/responses/019aa2b4-7c00-7abc-8def-000000000011',
    ]) {
      await page.goto(`${stage.collector.url}${path}`);
      await visit.assertFitsWidth();
      await visit.assertAccessible();
      await visit.assertStill(path);
    }
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${stage.collector.url}/dashboard/pk_demo/surveys/nps`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await visit.end();
  });
}
