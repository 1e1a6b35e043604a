// The page that says how long customers of a help desk wait: from tickets and answers to figures, in every width and theme.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

const HOUR_MS = 36e5;

/** @type {Stage} */
let stage;
/** @type {string} */
let site;
before(async () => {
  stage = await Stage.open();
  site = await stage.collector.site({ slug: 'ease', metric: 'ces', scale: { min: 1, max: 7, polarity: 'high_is_good', look: 'numbers' } });
  await fill();
});
after(() => stage.close());

/** Sixty tickets of the last weeks; a customer who waited long says so. */
async function fill() {
  const ago = (/** @type {number} */ hours) => new Date(Date.now() - hours * HOUR_MS).toISOString();
  const numbers = [...Array(60).keys()];
  await stage.collector.api('POST', `/sites/${site}/tickets`, numbers.flatMap((n) => {
    const [ticket, began, waited] = [`T-${n}`, 80 + n * 10, 0.5 + (n % 12) * 3];
    return [
      { ticket, event: 'created', at: ago(began) },
      { ticket, event: 'agent_replied', at: ago(began - waited) },
      ...(n % 10 ? [{ ticket, event: 'solved', at: ago(began - waited - 1) }] : []),
    ];
  }));
  const answers = numbers.slice(0, 48).map((n) => ({
    site, survey: 'ease', id: `019aa2b4-7c00-7abc-8def-${String(n).padStart(12, '0')}`, revision: 1,
    score: n % 12 < 6 ? 7 : 2, attributes: { ticket: `T-${n}` },
  }));
  const reply = await fetch(`${stage.collector.url}/v1/responses`, { method: 'POST', body: JSON.stringify(answers) });
  assert.equal(reply.status, 200);
}

for (const viewport of [{ width: 360, height: 740 }, { width: 1280, height: 900 }]) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`how long customers wait, ${viewport.width} px, ${colorScheme}`, async () => {
      const visit = await stage.visit({ viewport, colorScheme });
      const { page } = visit;
      await stage.enter(page);
      await page.getByRole('link', { name: 'Speed of the help desk' }).last().click();
      await page.getByRole('heading', { level: 1, name: 'Speed of the help desk' }).waitFor();
      for (const name of ['First response time', 'Time to resolution', 'First-contact resolution', 'Scores by speed']) {
        await page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
      }
      await visit.assertFitsWidth();
      await visit.assertAccessible();
      await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
      await visit.assertFitsWidth();
      await visit.assertAccessible();
      await page.getByRole('link', { name: 'Business hours' }).click();
      await page.getByText('only the hours in which somebody is at the desk count').waitFor();
      assert.equal(await page.getByRole('link', { name: 'Business hours' }).getAttribute('aria-current'), 'true');
      await visit.assertAccessible();
      await page.getByRole('link', { name: 'When somebody is at the desk' }).click();
      await page.getByRole('heading', { level: 1, name: 'Hours of the desk' }).waitFor();
      await visit.assertFitsWidth();
      await visit.assertAccessible();
      await page.goBack();
      // From a slow ticket to what its customer said.
      await page.getByRole('region', { name: 'Slow tickets' }).getByRole('link').first().click();
      await page.getByText('T-', { exact: false }).first().waitFor();
      await visit.end();
    });
  }
}

for (const [width, javaScriptEnabled] of /** @type {[number, boolean][]} */ ([[360, true], [1280, false]])) {
  test(`hours of the desk by keys alone, ${width} px, ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
    const own = await stage.collector.site({});
    const visit = await stage.visit({ viewport: { width, height: 740 }, javaScriptEnabled });
    const { page } = visit;
    await stage.enter(page);
    const look = async () => {
      await visit.assertFitsWidth();
      if (javaScriptEnabled) await visit.assertAccessible();
    };
    const day = (/** @type {string} */ name) => page.getByRole('group', { name });
    await page.goto(`${stage.collector.url}/dashboard/${own}/desk-hours`);
    assert.equal(await day('Friday').getByLabel('From').first().inputValue(), '09:00');
    assert.equal(await day('Sunday').getByLabel('Until').first().inputValue(), '');
    const monday = day('Monday');
    await monday.getByLabel('From', { exact: true }).focus();
    // By a clock of 24 hours the letters say nothing.
    await page.keyboard.type('0830AM');
    await monday.getByLabel('Until').first().fill('13:00');
    await monday.getByLabel('And from').fill('14:00');
    await page.getByLabel('Days on which nobody is there').fill('2026-12-25\nChristmas <b>');
    await page.getByLabel('Time zone').fill('Europe/Lisbon');
    await page.keyboard.press('Enter');
    const refused = page.getByRole('alert');
    assert.equal(await refused.innerText(), 'Monday: enter from when until when, or neither. Nothing was changed.');
    assert.equal(await monday.getByLabel('From', { exact: true }).inputValue(), '08:30');
    assert.equal(await monday.getByLabel('And from').inputValue(), '14:00');
    assert.equal(await page.getByLabel('Time zone').inputValue(), 'Europe/Lisbon');
    await look();
    await monday.getByLabel('Until').last().fill('18:00');
    await page.getByRole('button', { name: 'Save the hours' }).press('Enter');
    assert.equal(await refused.innerText(), 'Christmas <b> is no date such as 2026-12-25. Nothing was changed.');
    await page.getByLabel('Days on which nobody is there').fill('2026-12-25');
    await page.getByRole('button', { name: 'Save the hours' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Speed of the help desk' }).waitFor();
    const kept = await stage.collector.api('GET', `/sites/${own}/desk-hours`);
    assert.deepEqual([kept.week.mon, kept.holidays, kept.zone], [['08:30-13:00', '14:00-18:00'], ['2026-12-25'], 'Europe/Lisbon']);
    // Somebody is always there.
    await page.goto(`${stage.collector.url}/dashboard/${own}/desk-hours`);
    await page.getByRole('link', { name: 'Enter every hour of the week' }).press('Enter');
    await look();
    await page.getByRole('button', { name: 'Save the hours' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Speed of the help desk' }).waitFor();
    const always = await stage.collector.api('GET', `/sites/${own}/desk-hours`);
    assert.deepEqual([...new Set(Object.values(always.week).flat()), always.zone], ['00:00-24:00', 'Europe/Lisbon']);
    await visit.end(/422/);
  });
}
