// The storefront that people try first: both languages, phone and desktop, light and dark, every kind of question.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const SMALL = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };

/**
 * Opens the storefront and scrolls to the question.
 * @param {import('./visit.mjs').Visit} visit
 * @param {string} path
 */
async function browse(visit, path) {
  await visit.page.goto(`${stage.collector.url}${path}`);
  await visit.reveal();
}

/**
 * Id of the answer that was stored last.
 * @param {string} site
 * @param {string} survey
 * @returns {Promise<string | undefined>}
 */
async function newest(site, survey) {
  const { responses } = await stage.collector.api('GET', `/sites/${site}/responses?survey=${survey}&limit=1`);
  return responses[0]?.id;
}

for (const [lang, heading] of [['en', 'Conero'], ['it', 'Conero']]) {
  for (const [device, viewport] of /** @type {const} */ ([['phone', PHONE], ['small phone', SMALL], ['desktop', DESKTOP]])) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      test(`in ${lang} on a ${device}, ${colorScheme}`, async () => {
        const visit = await stage.visit({ ...viewport, colorScheme, reducedMotion: 'reduce' });
        await browse(visit, `/demo?lang=${lang}`);
        assert.equal(await visit.page.locator('html').getAttribute('lang'), lang);
        await visit.page.getByRole('heading', { level: 1, name: heading }).waitFor();
        await visit.assertSound();
        await visit.host.locator('[part~=option]').last().click();
        await visit.comment.waitFor();
        await visit.assertFitsWidth();
        await visit.assertAccessible();
        await visit.end();
      });
    }
  }
}

test('every kind of question is one link away, and takes an answer', async () => {
  const visit = await stage.visit({ ...PHONE, reducedMotion: 'reduce' });
  await browse(visit, '/demo?lang=en');
  const links = visit.page.getByRole('complementary').getByRole('link');
  const hrefs = await links.evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href));
  /** @type {Record<string, {points: number, site: string, metric: string}>} */
  const kinds = {
    nps: { points: 11, site: 'pk_demo', metric: 'nps' },
    ces: { points: 7, site: 'pk_demo', metric: 'ces' },
    csat: { points: 5, site: 'pk_demo', metric: 'csat' },
    'ces-5': { points: 5, site: 'pk_scales', metric: 'ces' },
    'effort-7': { points: 7, site: 'pk_scales', metric: 'ces' },
    'effort-5': { points: 5, site: 'pk_scales', metric: 'ces' },
    'csat-faces': { points: 5, site: 'pk_scales', metric: 'csat' },
    'csat-thumbs': { points: 2, site: 'pk_scales', metric: 'csat' },
  };
  for (const [survey, { points, site, metric }] of Object.entries(kinds)) {
    const href = hrefs.find((link) => new URL(link).searchParams.get('survey') === survey);
    assert.ok(href, `a link to ${survey} in ${hrefs}`);
    await browse(visit, href.slice(stage.collector.url.length));
    assert.equal(await visit.points.count(), points, survey);
    await visit.assertAccessible('parere-survey');
    const names = await visit.points.evaluateAll((all) => all.map((point) => point.getAttribute('aria-label')));
    assert.equal(new Set(names).size, points, `every point of ${survey} has a name of its own: ${names}`);
    for (const box of await visit.host.locator('[part~=option]').all()) {
      const { width = 0, height = 0 } = await box.boundingBox() ?? {};
      assert.ok(width >= 24 && height >= 44, `a finger hits a point of ${survey}: ${width} × ${height}`);
    }
    const known = await newest(site, survey);
    await visit.host.locator('[part~=option]').first().tap();
    const answer = await until(`an answer to ${survey}`, async () => (await newest(site, survey)) !== known && newest(site, survey));
    const { responses: [row] } = await stage.collector.api('GET', `/sites/${site}/responses?survey=${survey}&limit=1`);
    assert.deepEqual([row.id, row.metric, row.page, row.device], [answer, metric, '/demo', 'phone']);
    await visit.assertStill(survey);
  }
  await visit.end();
});

test('the shop works: a size, a colour, the cart', async () => {
  const visit = await stage.visit({ ...DESKTOP, reducedMotion: 'reduce' });
  await visit.page.goto(`${stage.collector.url}/demo?lang=en`);
  const add = visit.page.getByRole('button', { name: 'Add to cart' });
  await visit.page.getByRole('radio', { name: '42' }).check();
  await add.click();
  await visit.page.getByText(/One pair in your cart/).waitFor();
  await visit.end();
});
