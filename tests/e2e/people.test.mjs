// People and tokens on the dashboard: with the keyboard alone, on every page, in every theme.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { OWNER, Stage } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/** More steps than any page here has. */
const STEPS_MAX = 80;

/**
 * Goes on with the tab key until the focus is on what is called so, as a screen reader would say it.
 * @param {import('./visit.mjs').Visit} visit
 * @param {'link' | 'button' | 'textbox' | 'combobox' | 'checkbox'} role
 * @param {string | RegExp} name
 */
async function tabTo(visit, role, name) {
  const wanted = visit.page.getByRole(role, { name, exact: true }).first();
  for (let step = 0; step < STEPS_MAX; step += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await visit.page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard never came to the ${role} ${name}`);
}

test('from the printed link to a token in use, without a mouse', async () => {
  const visit = await stage.visit();
  const { page } = visit;
  const { keyboard } = page;
  await page.goto(stage.collector.signIn);
  await visit.assertAccessible();
  // The first field has the focus.
  await keyboard.type(OWNER.email);
  await keyboard.press('Tab');
  await keyboard.type(OWNER.password);
  await keyboard.press('Tab');
  await keyboard.type(OWNER.password);
  await keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/dashboard');

  await tabTo(visit, 'link', 'Tokens');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Tokens' }).waitFor();
  await visit.assertAccessible();
  await tabTo(visit, 'textbox', 'What it is for');
  await keyboard.type('CRM');
  await tabTo(visit, 'checkbox', 'Export all answers');
  await keyboard.press('Space');
  await tabTo(visit, 'combobox', 'Where');
  await keyboard.type('Demo shop (pk_demo)');
  await tabTo(visit, 'button', 'Make the token');
  await keyboard.press('Enter');
  const shown = page.getByRole('status', { name: 'New token' });
  const token = await shown.locator('code').innerText();
  await visit.assertAccessible();
  const ask = (/** @type {string} */ path) =>
    fetch(`${stage.collector.url}/api/v1/sites/${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask('pk_demo/responses.ndjson')).status, 200);
  assert.equal((await ask('pk_scales')).status, 404);

  await tabTo(visit, 'button', 'Revoke CRM');
  await keyboard.press('Enter');
  await page.getByText('There is none yet.').waitFor();
  assert.equal((await ask('pk_demo')).status, 401);

  await tabTo(visit, 'button', 'Sign out');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  await visit.assertAccessible();
  await keyboard.type(OWNER.email);
  await keyboard.press('Tab');
  await keyboard.type('not the password');
  await keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await visit.assertAccessible();
  // The address is still there, and the focus where it is needed.
  await keyboard.type(OWNER.password);
  await keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.goto(stage.collector.signIn);
  await page.getByRole('heading', { level: 1, name: 'This link does not work any more' }).waitFor();
  await visit.end(/403/);
});

test('somebody is erased by their e-mail address, without a mouse', async () => {
  const ada = 'ada@example.org';
  const answer = { site: 'pk_demo', survey: 'nps', id: '019aa2b4-7c00-7abc-8def-0000000000ad', revision: 1, score: 3, attributes: { email: 'Ada@example.org' } };
  const told = await fetch(`${stage.collector.url}/v1/responses`, { method: 'POST', body: JSON.stringify(answer) });
  assert.equal(told.status, 200);
  await stage.collector.api('POST', '/sites/pk_demo/invitations', { survey: 'nps', channel: 'link', key: 'ada', address: ada });
  const left = async () => (await stage.collector.api('GET', '/sites/pk_demo/responses?limit=500')).responses.length;
  const before = await left();

  const visit = await stage.visit();
  const { page } = visit;
  const { keyboard } = page;
  await stage.enter(page);
  await page.goto(`${stage.collector.url}/dashboard`);
  await tabTo(visit, 'link', 'Personal data');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Personal data' }).waitFor();
  await tabTo(visit, 'textbox', 'Reference or e-mail address');
  await keyboard.type(ada);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'By e-mail address' }).waitFor();
  await page.getByText('1 answer, 0 orders, 1 invitation.').waitFor();
  await visit.assertSound('found');
  await tabTo(visit, 'button', 'Erase them for good');
  await keyboard.press('Enter');
  await page.getByRole('status').getByText('One answer was erased.').waitFor();
  await visit.assertSound('erased');
  assert.equal(await left(), before - 1);
  await tabTo(visit, 'textbox', 'Reference or e-mail address');
  await keyboard.type(ada);
  await tabTo(visit, 'button', 'Look it up');
  await keyboard.press('Enter');
  await page.getByRole('status').getByText('Nothing is stored under this reference.').waitFor();
  await visit.assertSound('nothing is left');
  await visit.end();
});

test('somebody is invited, chooses a password and sees what a viewer sees', async () => {
  const owner = await stage.visit();
  await stage.enter(owner.page);
  await owner.page.getByRole('link', { name: 'People', exact: true }).click();
  await owner.page.getByLabel('E-mail address').fill('bea@shop.example');
  await owner.page.getByLabel('Where').selectOption({ label: 'Demo shop (pk_demo)' });
  await owner.page.getByRole('button', { name: 'Give the role' }).click();
  const link = await owner.page.getByRole('status', { name: 'New link' }).locator('code').innerText();
  await owner.assertAccessible();

  const bea = await stage.visit();
  await bea.page.goto(link);
  await bea.assertAccessible();
  await bea.page.getByLabel('Password', { exact: true }).fill('correct horse');
  await bea.page.getByLabel('again').fill('correct house');
  await bea.page.getByRole('button', { name: 'Set the password' }).click();
  await bea.page.getByRole('alert').waitFor();
  await bea.page.getByLabel('Password', { exact: true }).fill('correct horse');
  await bea.page.getByLabel('again').fill('correct horse');
  await bea.page.getByRole('button', { name: 'Set the password' }).click();
  await bea.page.getByRole('link', { name: 'You', exact: true }).waitFor();
  assert.equal(await bea.page.getByRole('link', { name: 'Tokens' }).count(), 0);
  await bea.page.goto(`${stage.collector.url}/dashboard/tokens`);
  await bea.page.getByRole('heading', { name: 'This is not for your role' }).waitFor();
  await bea.assertAccessible();
  await bea.page.goto(`${stage.collector.url}/dashboard/pk_scales/surveys/ces-5`);
  await bea.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();

  await owner.page.goto(`${stage.collector.url}/dashboard/people`);
  await owner.page.getByRole('button', { name: 'Close the account of bea@shop.example' }).click();
  await owner.page.getByText('cannot sign in').waitFor();
  await bea.page.goto(`${stage.collector.url}/dashboard`);
  await bea.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await bea.end(/403|404|422/);
  await owner.end();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`every page on a phone, ${colorScheme}`, async () => {
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = visit;
    await stage.enter(page);
    for (const place of ['people', 'tokens', 'audit', 'you']) {
      await page.goto(`${stage.collector.url}/dashboard/${place}`);
      await visit.assertSound(place);
    }
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await visit.assertFitsWidth();
    await page.getByText('Sign in with the administrator’s token').click();
    await visit.assertAccessible();
    await page.getByLabel('token').fill(stage.collector.token);
    await page.getByRole('button', { name: 'Use the token' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await visit.end();
  });
}
