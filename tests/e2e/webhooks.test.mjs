// Webhooks on the dashboard: made, tried out, looked at, sent again, removed; on every screen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`from the first one to its removal on a phone, ${colorScheme}`, async () => {
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = visit;
    await stage.enter(page);
    await page.getByRole('link', { name: 'Webhooks' }).first().click();
    await page.getByText('There is none yet.').waitFor();
    await visit.assertSound('empty');
    await page.getByLabel('What it is for').fill(`CRM ${'x'.repeat(90)}`);
    await page.getByLabel('Address', { exact: true }).fill('http://crm.example/plain');
    await page.getByRole('button', { name: 'Add the webhook' }).click();
    assert.match(await page.getByRole('alert').innerText(), /https:/);
    await visit.assertSound('refused');
    await page.getByLabel('What it is for').fill('<img src=x> CRM');
    await page.getByLabel('Address', { exact: true }).fill(`https://receiver.invalid/${'a'.repeat(300)}`);
    await page.getByLabel('every answer', { exact: true }).check();
    await page.getByRole('button', { name: 'Add the webhook' }).click();
    assert.match(await page.getByRole('status', { name: 'New secret' }).locator('code').innerText(), /^whsec_.{44}$/);
    await visit.assertSound('made');

    await page.getByRole('button', { name: 'Send a test to' }).click();
    const [{ webhook }] = (await stage.collector.api('GET', '/sites/pk_demo/webhooks')).webhooks;
    await until('the test was given up', async () => {
      const log = await stage.collector.api('GET', `/sites/pk_demo/webhooks/${webhook}/deliveries?state=failed`);
      return log.deliveries.length === 1;
    });
    await page.getByRole('link', { name: 'Look again' }).click();
    await page.getByRole('heading', { name: 'Test · given up' }).waitFor();
    assert.match(await page.getByRole('main').innerText(), /There is no address for the name|No connection within/);
    await visit.assertSound('log');
    await page.getByRole('link', { name: 'Only what was given up' }).click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('Switched off.').waitFor();
    await page.getByText('More for').click();
    await visit.assertSound('all of it');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There is none yet.').waitFor();
    await visit.end(/422/);
  });
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`HubSpot is connected and tried out on a phone, ${colorScheme}`, async () => {
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = visit;
    await stage.enter(page);
    await page.getByRole('link', { name: 'Webhooks' }).first().click();
    await page.getByRole('link', { name: 'Connect HubSpot' }).click();
    await page.getByRole('heading', { name: 'Connect HubSpot' }).waitFor();
    await visit.assertSound('empty');
    await page.getByLabel('Name', { exact: true }).fill('<img src=x> HubSpot');
    await page.getByLabel('Access token').fill('pat-eu1-secret');
    await page.getByLabel('a ticket for each unhappy answer').check();
    await page.getByLabel('NPS score').fill('Our NPS');
    await page.getByLabel('Address of HubSpot').fill('https://crm.invalid');
    await page.getByRole('button', { name: 'Connect HubSpot' }).click();
    assert.match(await page.getByRole('alert').innerText(), /fields\.nps_score/);
    assert.equal(await page.getByLabel('Access token').inputValue(), '', 'a token is not shown again');
    await visit.assertSound('refused');
    await page.getByLabel('Access token').fill('pat-eu1-secret');
    await page.getByLabel('NPS score').fill('our_nps');
    await page.getByRole('button', { name: 'Connect HubSpot' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('Another token').click();
    await visit.assertSound('connected');
    await page.getByLabel('Token', { exact: true }).fill('pat-eu1-another');
    await page.getByRole('button', { name: 'Use this token' }).click();
    const [{ webhook, fields }] = (await stage.collector.api('GET', '/sites/pk_demo/webhooks')).webhooks;
    assert.equal(fields.nps_score, 'our_nps');
    await until('the test was given up', async () => {
      const log = await stage.collector.api('GET', `/sites/pk_demo/webhooks/${webhook}/deliveries?state=failed`);
      return log.deliveries.length === 1;
    });
    await page.getByRole('link', { name: 'Look again' }).click();
    await page.getByRole('heading', { name: 'Test · given up' }).waitFor();
    await visit.assertSound('log');
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByText('More for').click();
    await visit.assertSound('list');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There is none yet.').waitFor();
    await visit.end(/422/);
  });
}
