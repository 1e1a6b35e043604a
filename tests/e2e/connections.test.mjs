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
    const look = async (/** @type {string} */ when) => {
      await visit.assertFitsWidth();
      await visit.assertAccessible();
      await visit.assertStill(when);
    };
    await page.getByRole('link', { name: 'Connections' }).first().click();
    await page.getByText('Nothing is connected yet.').waitFor();
    await look('empty');
    await page.getByLabel('Secret that Shopify shows').fill('<img src=x>');
    await page.getByRole('button', { name: 'Connect Shopify' }).click();
    assert.match(await page.getByRole('alert').innerText(), /Shopify: .*8 characters/);
    await look('refused');
    await page.getByRole('button', { name: 'Connect Orders from a program of yours' }).click();
    const secret = page.getByRole('status', { name: 'New secret' }).locator('code');
    assert.match(await secret.innerText(), /^whsec_.{44}$/);
    await look('made');
    const address = await page.getByLabel('Address for Orders from a program of yours').innerText();
    const reply = await fetch(address.trim(), { method: 'POST', body: '{}' });
    assert.equal(reply.status, 401);
    await page.goto(`${stage.collector.url}/dashboard/pk_demo/connections`);
    await page.getByText('The message has no signature.').waitFor();
    await page.getByText('More for').click();
    await look('all of it');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Nothing is connected yet.').waitFor();
    await visit.end(/422/);
  });
}
