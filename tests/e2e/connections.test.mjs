// Connections on the dashboard: made, refused, told their secret, ended; on every screen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`from the first one to its end on a phone, ${colorScheme}`, async () => {
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = visit;
    await stage.enter(page);
    await page.getByRole('link', { name: 'Connections' }).first().click();
    await page.getByText('Nothing is connected yet.').waitFor();
    await visit.assertSound('empty');
    await page.getByLabel('Secret that Shopify shows').fill('<img src=x>');
    await page.getByRole('button', { name: 'Connect Shopify' }).click();
    assert.match(await page.getByRole('alert').innerText(), /Shopify: .*8 characters/);
    await visit.assertSound('refused');
    await page.getByRole('button', { name: 'Connect Orders from a program of yours' }).click();
    const secret = page.getByRole('status', { name: 'New secret' }).locator('code');
    assert.match(await secret.innerText(), /^whsec_.{44}$/);
    await visit.assertSound('made');
    const address = await page.getByLabel('Address for Orders from a program of yours').innerText();
    const reply = await fetch(address.trim(), { method: 'POST', body: '{}' });
    assert.equal(reply.status, 401);
    await page.goto(`${stage.collector.url}/dashboard/pk_demo/connections`);
    await page.getByText('The message has no signature.').waitFor();
    await page.getByText('More for').click();
    await visit.assertSound('all of it');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Nothing is connected yet.').waitFor();
    await visit.end(/422/);
  });
}

for (const [crm, colorScheme, javaScriptEnabled] of /** @type {[string, 'light' | 'dark', boolean][]} */ ([['HubSpot', 'light', true], ['Klaviyo', 'dark', true], ['Klaviyo', 'light', false]])) {
  test(`what is written where in ${crm}, ${colorScheme}, ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme, javaScriptEnabled });
    const { page } = visit;
    await stage.enter(page);
    const look = async (/** @type {string} */ when) => {
      await visit.assertFitsWidth();
      if (!javaScriptEnabled) return;
      await visit.assertAccessible();
      await visit.assertStill(when);
    };
    await page.getByRole('link', { name: 'Webhooks' }).first().click();
    await page.getByRole('link', { name: `Connect ${crm}` }).click();
    await page.getByLabel(/Access token|Private API key/).fill('pat-eu1-0123456789');
    await page.getByRole('button', { name: `Connect ${crm}` }).click();
    await page.getByText('What is written where').click();
    assert.equal(await page.getByLabel('NPS score').inputValue(), 'nps_score');
    await page.getByLabel('Attribute with the e-mail address').fill('mail');
    await page.getByLabel('NPS score').fill('Our NPS');
    await page.getByLabel('CES date').fill('');
    await page.getByRole('button', { name: 'Save what is written' }).click();
    assert.match(await page.getByRole('alert').innerText(), /fields\.nps_score: .*small letters/);
    assert.equal(await page.getByLabel('NPS score').inputValue(), 'Our NPS', 'what was entered is not lost');
    await look('refused');
    await page.getByLabel('NPS score').fill('our_nps');
    await page.getByRole('button', { name: 'Save what is written' }).click();
    await page.getByRole('heading', { name: 'What went there' }).waitFor();
    await page.getByText('What is written where').click();
    const labels = ['Attribute with the e-mail address', 'NPS score', 'CES date', 'CSAT score'];
    const entered = await Promise.all(labels.map((label) => page.getByLabel(label).inputValue()));
    assert.deepEqual(entered, ['mail', 'our_nps', '', 'csat_score']);
    await look('saved');
    await visit.end(/422/);
  });
}
