// A low score on the dashboard: followed up and settled, and what was improved beside the score; on a phone, with and
// without a script.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

for (const [colorScheme, javaScriptEnabled] of /** @type {['light' | 'dark', boolean][]} */ ([['light', true], ['dark', false]])) {
  test(`a case from the first look to the last, ${colorScheme}, ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
    const site = await stage.collector.site({});
    const answers = [...Array(3).keys()].map((n) => ({
      site, survey: 'nps', id: `019aa2b4-7c00-7abc-adef-${String(n).padStart(12, '0')}`, revision: 1, score: n, locale: 'ar',
      comment: `لم تُطبع الملصقات ${'x'.repeat(80 * n)}`, ref: `<b>${n}</b>`,
    }));
    const reply = await fetch(`${stage.collector.url}/v1/responses`, { method: 'POST', body: JSON.stringify(answers) });
    assert.deepEqual((await reply.json()).results.map((/** @type {any} */ item) => item.problem ?? item.status), ['stored', 'stored', 'stored']);
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme, javaScriptEnabled });
    const { page } = visit;
    await stage.enter(page);
    // What looks on is a script, too.
    const look = (/** @type {string} */ when) => (javaScriptEnabled ? visit.assertSound(when) : visit.assertFitsWidth());
    await page.goto(`${stage.collector.url}/dashboard/${site}/cases`);
    assert.equal(await page.locator('blockquote[lang=ar]').count(), 3);
    assert.equal(await page.locator('main b').count(), 0, 'what strangers write stays text');
    await look('all of them');
    const first = page.getByRole('listitem').first();
    await first.getByText('What was done').click();
    await look('open');
    await first.getByLabel('How far it is').selectOption('Done: the customer is content again');
    await first.getByLabel('Note, for whoever comes next').fill('A new pair is on its way');
    await first.getByRole('button', { name: 'Save' }).click();
    await page.getByText('100 % of the customers are content again').waitFor();
    assert.equal(await page.locator('blockquote').count(), 2);
    await page.getByRole('link', { name: 'Done', exact: true }).click();
    await page.getByText('Done: content again.').waitFor();
    await look('done');
    // When the next one is due, and the switch to have none.
    await page.getByLabel('Hours after the low score').fill('24');
    await page.getByRole('button', { name: 'Save the hours' }).press('Enter');
    await page.waitForURL('**/cases');
    assert.deepEqual((await stage.collector.api('GET', `/sites/${site}`)).cases, { due_hours: 24 });
    await page.getByLabel('Hours after the low score').fill('');
    await page.getByRole('button', { name: 'Save the hours' }).press('Enter');
    await page.getByText('Low scores open no cases here.').waitFor();
    await look('off');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^All cases as CSV/ }).click()]);
    assert.equal(file.suggestedFilename(), `${site}-cases.csv`);

    await page.goto(`${stage.collector.url}/dashboard/${site}/surveys/nps`);
    await page.getByText('Note an improvement').click();
    await look('the form');
    await page.getByLabel('What was done').fill(`<img src=x> Labels ${'come pre-printed '.repeat(8)}`);
    await page.getByLabel('What it is about').selectOption('The touchpoint returns');
    await page.getByRole('button', { name: 'Note it' }).click();
    await page.getByText('Too few answers to compare with the day before it').waitFor();
    await look('noted');
    assert.equal(await page.locator('#marks bdi').innerText(), 'returns');
    await page.getByRole('button', { name: /^Remove/ }).click();
    await page.getByText('Nothing is noted.').waitFor();
    await visit.end();
  });
}
