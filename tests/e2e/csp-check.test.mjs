// The check of a shop's policy says what a browser does: each verdict is held against the real one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/**
 * What the page says of a policy: the header it would send instead, if any.
 * @param {import('./visit.mjs').Visit} visit
 * @param {string} policy
 * @returns {Promise<string | undefined>}
 */
async function checked(visit, policy) {
  const { page } = visit;
  await page.goto(`${stage.collector.url}/csp-check`);
  await page.getByRole('textbox', { name: 'The shop’s policy' }).fill(policy);
  await page.getByRole('textbox', { name: /A page of the shop/ }).fill(`${stage.shop.url}/products/1`);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('heading', { name: /The question may be asked|Something is missing/ }).waitFor();
  await visit.assertAccessible();
  const mended = page.locator('h3:text("Send this header instead") + pre');
  return (await mended.count()) ? (await mended.innerText()).replace('Content-Security-Policy: ', '') : undefined;
}

/**
 * Is the question asked on a shop's page under this policy?
 * @param {string} policy
 */
async function isAsked(policy) {
  const visit = await stage.visit();
  const { page } = visit;
  const shop = stage.shop.page({ policy, tag: { nonce: 'abc' } });
  await page.addInitScript(() => {
    const noted = /** @type {any} */ (globalThis);
    noted.e2eRefused = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => noted.e2eRefused.push(effectiveDirective));
  });
  await page.goto(shop.url);
  // Styles are the page's own; what the tag notices by itself is a moment.
  const refused = () => page.evaluate(
    'e2eRefused.some((name) => !name.startsWith("style")) || e2eMoments.some(({ name }) => name === "error")');
  await until(`a verdict on ${policy}`, async () => (await refused()) || (await visit.question.count()) > 0);
  const asked = (await visit.question.count()) > 0;
  await visit.context.close();
  return asked;
}

test('what the check says of a policy is what the browser does', async () => {
  const { url } = stage.collector;
  const port = new URL(url).port;
  const visit = await stage.visit({ reducedMotion: 'reduce' });
  for (const [policy, expected] of /** @type {[string, boolean][]} */ ([
    ["img-src 'self'", true],
    ["default-src 'self'", false],
    ["default-src 'none'; style-src 'self'; script-src 'self'", false],
    [`script-src ${url}`, false],
    [`default-src 'none'; style-src 'self'; script-src ${url} 'wasm-unsafe-eval'`, false],
    [`default-src 'none'; style-src 'self'; script-src ${url} 'wasm-unsafe-eval'; connect-src ${url}`, true],
    [`default-src 'none'; style-src 'self'; script-src http://127.0.0.1:* 'unsafe-eval'; connect-src http:`, true],
    [`script-src 127.0.0.1:${port} 'wasm-unsafe-eval'`, true],
    [`script-src ${url}/v1/ 'wasm-unsafe-eval'`, false],
    [`script-src ${url}/v1/ ${url}/assets/ 'wasm-unsafe-eval'; connect-src ${url}/`, true],
    [`script-src-elem ${url}; script-src 'wasm-unsafe-eval'`, true],
    [`script-src-elem 'self'; script-src ${url} 'wasm-unsafe-eval'`, false],
    ["script-src 'nonce-abc' 'wasm-unsafe-eval'", true],
    ["script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'", true],
    ["script-src 'nonce-abc' 'strict-dynamic'", false],
    [`default-src * 'unsafe-eval', connect-src 'self'`, false],
  ])) {
    const mended = await checked(visit, policy);
    assert.equal(mended === undefined, expected, `the check: ${policy}`);
    assert.equal(await isAsked(policy), expected, `the browser: ${policy}`);
    // Of several policies each is mended by itself; the first one's is read here.
    if (mended !== undefined && !policy.includes(',')) {
      assert.equal(await isAsked(mended), true, `the browser, mended: ${mended}`);
    }
  }
  await visit.end();
});

for (const viewport of [{ width: 390, height: 844 }, { width: 320, height: 568 }, { width: 1280, height: 800 }]) {
  test(`the check is read at ${viewport.width} pixels`, async () => {
    const visit = await stage.visit({ viewport, colorScheme: viewport.width < 400 ? 'dark' : 'light' });
    await checked(visit, "default-src 'self' https://cdn.example; img-src *; frame-ancestors 'none'; report-uri /csp");
    await visit.assertFitsWidth();
    await visit.end();
  });
}
