// The editor of surveys: made, published and answered by keys alone; its pages for everybody; the real widget in its preview.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/** Stops that a long form has for whoever goes through it by Tab. */
const STOPS_MAX = 120;

/**
 * Presses Tab until the element has the focus, as someone without a mouse does.
 * @param {import('./visit.mjs').Visit} visit
 * @param {import('playwright-core').Locator} target
 */
async function tabTo(visit, target) {
  for (let presses = 0; presses < STOPS_MAX; presses += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return;
    await visit.page.keyboard.press('Tab');
  }
  assert.fail('Tab does not lead there');
}

/** @param {import('playwright-core').BrowserContextOptions} [options] */
async function signedIn(options) {
  const visit = await stage.visit(options);
  await visit.page.goto(`${stage.collector.url}/dashboard`);
  await tabTo(visit, visit.page.getByLabel('token'));
  await visit.page.keyboard.type(stage.collector.token);
  await visit.page.keyboard.press('Enter');
  await visit.page.getByRole('button', { name: 'Sign out' }).waitFor();
  return visit;
}

test('by keys alone: made, published, answered, read', async () => {
  const visit = await signedIn();
  const { page } = visit;
  const { keyboard } = page;
  await tabTo(visit, page.getByRole('link', { name: 'Make a survey' }).first());
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What do you want to ask?' }).waitFor();
  await visit.assertAccessible();
  await tabTo(visit, page.getByRole('link', { name: 'Satisfaction in stars, 1–5' }));
  await keyboard.press('Enter');
  const slug = page.getByLabel('Name in addresses and exports');
  await slug.waitFor();
  await visit.assertAccessible();
  await tabTo(visit, slug);
  await keyboard.press('Control+A');
  await keyboard.type('Shoe Stars');
  await keyboard.press('Enter');
  const summary = page.getByRole('alert');
  await summary.waitFor();
  assert.ok(await summary.evaluate((element) => element.matches(':focus')), 'the summary is read out first');
  await visit.assertAccessible();
  await tabTo(visit, summary.getByRole('link', { name: 'Name in addresses' }));
  await keyboard.press('Enter');
  assert.ok(await slug.evaluate((element) => element.matches(':focus')), 'the link leads to the field');
  assert.equal(await slug.inputValue(), 'Shoe Stars');
  await keyboard.press('Control+A');
  await keyboard.type('shoe-stars');
  await keyboard.press('Enter');
  await page.getByText('Saved.', { exact: true }).waitFor();
  await visit.assertAccessible();

  await tabTo(visit, page.locator('#follow_ups > summary'));
  await keyboard.press('Enter');
  await tabTo(visit, page.getByRole('button', { name: 'Add a follow-up' }));
  await keyboard.press('Enter');
  const from = page.getByRole('group', { name: 'Follow-up 1' }).getByLabel('From score');
  await from.waitFor();
  assert.ok(await from.evaluate((element) => element.matches(':focus')), 'what was added has the focus');
  await visit.assertAccessible();
  await tabTo(visit, page.getByLabel('Question, English (en)'));
  await keyboard.type('What did you like?');
  await keyboard.press('Enter');
  await page.getByText('Saved.', { exact: true }).waitFor();

  await tabTo(visit, page.getByRole('button', { name: 'Publish' }));
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Live' }).waitFor();

  await page.goto(`${stage.collector.url}/demo?survey=shoe-stars&lang=en`);
  await visit.reveal();
  await visit.read();
  await tabTo(visit, visit.points.first());
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await keyboard.press(key);
  const stored = await until('the answer is stored', async () =>
    (await stage.collector.api('GET', '/sites/pk_demo/responses?survey=shoe-stars')).responses[0]);
  assert.equal(stored.score, 4);
  await visit.host.getByText('What did you like?').waitFor();

  await page.goto(`${stage.collector.url}/dashboard/pk_demo/surveys/shoe-stars?period=all`);
  assert.match(await page.getByRole('region', { name: 'Score' }).innerText(), /1 answer/);
  await tabTo(visit, page.getByRole('link', { name: 'What was changed' }));
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What was changed' }).waitFor();
  assert.match(await page.getByRole('main').innerText(), /State: draft → live[\s\S]+Follow-up after 4–5 in en: nothing of its own → “What did you like\?”/);
  await visit.assertAccessible();
  await visit.end(/422/);
});

for (const javaScriptEnabled of [true, false]) {
  test(`the preview is the real widget, ${javaScriptEnabled ? 'and follows the form' : 'by a button where there is no script'}`, async () => {
    const visit = await signedIn();
    const { page } = visit;
    if (!javaScriptEnabled) await page.route('**/editor-*.js', (route) => route.abort());
    await page.goto(`${stage.collector.url}/dashboard/pk_demo/surveys/ces/edit`);
    const frame = page.frameLocator('iframe[name=preview]');
    const prompt = frame.locator('parere-survey');
    // As everywhere, the widget is not loaded before it comes into view.
    await page.locator('#preview').scrollIntoViewIfNeeded();
    await prompt.getByRole('radio').first().waitFor();
    assert.equal(await prompt.getByRole('radio').count(), 7);
    await page.getByLabel('Question', { exact: true }).first().fill('Was it easy for you?');
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Preview without saving' }).click();
    await prompt.getByText('Was it easy for you?').waitFor();
    await page.getByLabel('Language', { exact: true }).selectOption('it');
    await page.getByLabel('Page', { exact: true }).selectOption('dark');
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Preview without saving' }).click();
    await prompt.getByRole('group').filter({ hasText: /facile/ }).waitFor();
    assert.equal(await frame.locator('html').getAttribute('class'), 'dark');
    // The whole way of an answer, which goes nowhere.
    await prompt.getByRole('radio').nth(5).press('Space');
    await prompt.getByRole('textbox').fill('Nessuno lo legge');
    await prompt.locator('[part~=submit]').click();
    await prompt.locator('[part~=thanks]').waitFor();
    const { responses } = await stage.collector.api('GET', '/sites/pk_demo/responses?survey=ces');
    assert.deepEqual(responses, []);
    await page.getByLabel('Width').selectOption('wide');
    const width = await page.locator('iframe').evaluate((element) => element.clientWidth);
    assert.ok(width > 600, `${width}`);
    assert.equal(await page.evaluate(() => Object.keys(localStorage).join()), '', 'and nothing is remembered');
    await visit.end(/409|editor-\S+js|ERR_FAILED/);
  });
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`on a phone, ${colorScheme}`, async () => {
    const visit = await signedIn({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = visit;
    for (const path of [
      '/new-survey', '/new-survey?kind=effort-5', '/surveys/csat/edit', '/surveys/csat/versions', '/surveys/csat/preview',
    ]) {
      await page.goto(`${stage.collector.url}/dashboard/pk_demo${path}`);
      // With everything open that can be opened.
      await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
      await visit.assertFitsWidth();
      await visit.assertAccessible();
    }
    await visit.end();
  });
}
