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

test('the overview follows the answers, too', async () => {
  const visit = await stage.visit();
  const { page } = visit;
  await stage.enter(page);
  const card = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: /easy/ }) }).first();
  await card.getByText('No answers yet').waitFor();
  const answers = [...Array(20).keys()].map((n) => ({
    site: 'pk_demo', survey: 'ces', id: `019aa2b4-7c00-7abc-adef-${String(n).padStart(12, '0')}`, revision: 1, score: 6, locale: 'it',
  }));
  await fetch(`${stage.collector.url}/v1/responses`, { method: 'POST', body: JSON.stringify(answers) });
  await card.getByText('6.0').first().waitFor();
  await visit.end();
});

for (const javaScriptEnabled of [true, false]) {
  test(`comments are decided about by keys alone, ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
    const site = await stage.collector.site({});
    const answers = [...Array(3).keys()].map((n) => ({
      site, survey: 'nps', id: `019aa2b4-7c00-7abc-bdef-${String(n).padStart(12, '0')}`, revision: 1, score: 3, comment: `Comment ${n}`,
    }));
    await fetch(`${stage.collector.url}/v1/responses`, { method: 'POST', body: JSON.stringify(answers) });
    const counted = async () => (await stage.collector.api('GET', `/sites/${site}/scores?survey=nps`)).n;
    const visit = await stage.visit({ javaScriptEnabled });
    const { page } = visit;
    await stage.enter(page);
    await page.goto(`${stage.collector.url}/dashboard/${site}/comments?survey=nps`);
    /** @param {import('playwright-core').Locator} target */
    const tabTo = async (target) => {
      for (let presses = 0; presses < 60; presses += 1) {
        if (await target.evaluate((element) => element.matches(':focus'))) return;
        await page.keyboard.press('Tab');
      }
      assert.fail('Tab does not lead there');
    };
    const each = page.getByRole('checkbox', { name: /^The comment of/ });
    await tabTo(page.getByLabel('Reason, for the log'));
    await page.keyboard.type('The same sender');
    await tabTo(each.nth(1));
    await page.keyboard.press('Space');
    await tabTo(page.getByRole('button', { name: 'Leave out of scores' }));
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Done: 1 answer changed.').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('survey'), 'nps', 'the same comments as before');
    assert.equal(await counted(), 2);
    await tabTo(page.getByRole('checkbox', { name: 'All on this page' }));
    await page.keyboard.press('Space');
    assert.equal(await each.evaluateAll((ticks) => ticks.filter((tick) => /** @type {HTMLInputElement} */ (tick).checked).length), javaScriptEnabled ? 3 : 0);
    await tabTo(page.getByRole('button', { name: 'Leave out of scores' }));
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Done: 2 answers changed.').waitFor();
    assert.equal(await counted(), 0);
    await visit.end();
  });
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`on a phone, ${colorScheme}`, async () => {
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = visit;
    await stage.enter(page);
    for (const path of [
      '/dashboard', '/dashboard/pk_demo/surveys/nps', '/dashboard/pk_demo/surveys/ces', '/dashboard/pk_demo/journey', '/dashboard/pk_demo/speed?period=all',
      '/dashboard/pk_demo/comments', '/dashboard/pk_demo/responses/019aa2b4-7c00-7abc-8def-000000000011',
      '/dashboard/pk_demo/responses/019aa2b4-7c00-7abc-8def-000000000011/erase', '/dashboard/pk_demo/data', '/dashboard/pk_demo/cases', '/dashboard/pk_demo/connections', '/dashboard/pk_demo/desk-hours', '/dashboard/api',
    ]) {
      await page.goto(`${stage.collector.url}${path}`);
      await visit.assertSound(path);
      // With everything open that can be opened.
      await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
      await visit.assertFitsWidth();
      await visit.assertAccessible();
    }
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${stage.collector.url}/dashboard/pk_demo/surveys/nps`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await visit.end();
  });
}
