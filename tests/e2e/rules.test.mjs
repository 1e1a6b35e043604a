// Rules on the dashboard: made, switched on, changed, removed; on a phone, without a script of ours.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

/** @type {string[]} */
const HOSTILE = JSON.parse(await readFile(new URL('../cases/hostile.json', import.meta.url), 'utf8'));

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`from the first one to its removal on a phone, ${colorScheme}`, async () => {
    const visit = await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = visit;
    await stage.enter(page);
    await page.getByRole('link', { name: 'Rules' }).first().click();
    await page.getByText('There is none yet.').waitFor();
    await visit.assertSound('empty');
    await page.getByLabel('What it is called').fill(`After delivery ${'x'.repeat(80)}`);
    await page.getByLabel('When', { exact: true }).selectOption('something else, a word of your own');
    await page.getByRole('button', { name: 'Add the rule' }).click();
    assert.match(await page.getByRole('alert').innerText(), /^when: /);
    await visit.assertSound('refused');
    await page.getByLabel('When', { exact: true }).selectOption('an order is delivered');
    await page.getByLabel('Property').fill('carrier');
    await page.getByLabel('One of these values').fill('DHL, <img src=x>');
    await page.getByRole('button', { name: 'Add the rule' }).click();
    await page.getByText('3 days after an order is delivered, ask').waitFor();
    await page.getByText('Not if the order was refunded').first().waitFor();
    const tried = page.getByRole('heading', { name: 'What it would have done' });
    await tried.waitFor();
    await visit.assertSound('made');
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('It is on.').waitFor();
    assert.equal(await tried.count(), 0);
    await page.getByRole('button', { name: 'Try it on the last 30 days' }).click();
    await tried.waitFor();
    await page.getByText('Change it').click();
    assert.equal(await page.getByLabel('One of these values').first().inputValue(), 'DHL, <img src=x>');
    await page.getByLabel('Days to wait').fill('1');
    await page.getByRole('button', { name: 'Change the rule' }).click();
    await page.getByText('1 day after an order is delivered, ask').waitFor();
    const { rules: [rule] } = await stage.collector.api('GET', '/sites/pk_demo/rules');
    assert.equal(rule.state, 'on');
    assert.deepEqual(rule.conditions[0].values, ['DHL', '<img src=x>']);
    await page.getByText('Remove it').click();
    await page.getByText('Change it').click();
    await visit.assertSound('all of it');
    await page.getByRole('button', { name: 'Remove the rule' }).click();
    await page.getByText('There is none yet.').waitFor();
    await visit.end(/422/);
  });
}

test('what a merchant writes in a rule stays text', async () => {
  const site = await stage.collector.site({});
  const visit = await stage.visit({ viewport: { width: 360, height: 740 } });
  const { page } = visit;
  await stage.enter(page);
  const printable = HOSTILE.filter((text) => !/[\u0000-\u001f\u007f-\u009f]/.test(text) && text.trim());
  for (const text of printable.slice(0, 40)) {
    const name = text.slice(0, 60);
    await stage.collector.api('POST', `/sites/${site}/rules`, {
      name, survey: 'nps', when: 'delivered',
      conditions: [{ fact: 'attribute', name, op: 'is', values: [name] }],
    });
  }
  await page.goto(`${stage.collector.url}/dashboard/${site}/rules`);
  const links = await page.locator('.entries a').evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href));
  assert.equal(links.length, Math.min(40, printable.length));
  for (const link of [page.url(), ...links]) {
    await page.goto(link);
    await visit.assertFitsWidth();
    assert.equal(await page.evaluate('window.pwned'), undefined, link);
    assert.equal(await page.locator('main img, main iframe, main object, main embed, main base').count(), 0, link);
  }
  await visit.end();
});
