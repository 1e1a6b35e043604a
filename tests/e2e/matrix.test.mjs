// The prompt for everyone: every placement, each kind of question in every state, light and dark, in three scripts,
// held to all rules of axe and to the contrast that axe leaves out.
//
// One page plays all of it: `show` asks whatever the rules say, the page's language is an attribute, and a prompt that
// stands changes its theme. What is the same in every cell, devices and keys, is in access.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { tooWeak } from './contrast.mjs';
import { Stage } from './stage.mjs';

const numbers = (/** @type {number} */ min, /** @type {number} */ max, polarity = 'high_is_good') => ({ min, max, polarity, look: 'numbers' });
const label = { it: 'La taglia', ar: 'المقاس', ja: 'サイズ' };
const REASONS = [{ from: 0, to: 10, choices: { options: [{ value: 'fit', label }], other: true } }];

/** Kinds of questions. @type {Record<string, Record<string, unknown>>} */
const KINDS = {
  nps: { metric: 'nps', scale: numbers(0, 10), follow_ups: REASONS },
  recommendation: { metric: 'csat', topic: 'recommendation', scale: numbers(1, 5) },
  agreement: { metric: 'ces', scale: numbers(1, 7) },
  effort: { metric: 'ces', scale: numbers(1, 7, 'low_is_good') },
  stars: { metric: 'csat', scale: { ...numbers(1, 5), look: 'stars' } },
  faces: { metric: 'csat', scale: { ...numbers(1, 5), look: 'faces' } },
  thumbs: { metric: 'csat', scale: { ...numbers(0, 1), look: 'thumbs' } },
  numbers: { metric: 'csat', scale: numbers(1, 5) },
};

const PLACEMENTS = ['inline', 'popover', 'bar', 'tab'];

/** Languages, and where their lines begin. */
const LANGUAGES = { it: 'ltr', ar: 'rtl', ja: 'ltr' };

const SITE = 'pk_matrix';

/** @type {Stage} */
let stage;
/** @type {import('./visit.mjs').Visit} */
let visit;
/** Lets the collector refuse the comment that waits. @type {() => unknown} */
let refuse = () => assert.fail('nothing waits to be refused');
before(async () => {
  stage = await Stage.open();
  await stage.collector.api('POST', '/sites', { site: SITE, name: 'Matrix', zone: 'Europe/Rome', origins: [stage.shop.url] });
  for (const [kind, definition] of Object.entries(KINDS)) {
    for (const placement of PLACEMENTS) {
      const targeting = { urls: [{ op: 'equals', value: '/nowhere' }] };
      await stage.collector.api('POST', `/sites/${SITE}/surveys`, {
        slug: `${kind}-${placement}`, state: 'live', languages: Object.keys(LANGUAGES), brand: 'Bottega Fiorini', placement, targeting, ...definition,
      });
    }
  }
  visit = await stage.visit();
  const headers = { 'access-control-allow-origin': '*' };
  const contentType = 'application/problem+json';
  await visit.page.route('**/v1/responses', (route) => {
    if (route.request().postDataJSON().revision === 1) return route.fulfill({ status: 200, headers, json: { status: 'stored' } });
    return void (refuse = () => route.fulfill({ status: 422, headers, contentType, body: '{}' }));
  });
  await visit.page.emulateMedia({ reducedMotion: 'reduce' });
  // Room for the highest card: in a smaller slot it waits for the shopper's next tap.
  const style = 'html parere-survey:not([place]) { display: grid; min-height: 40rem; }';
  await visit.page.goto(stage.shop.page({ site: SITE, slot: 'none', style }).url);
});
after(async () => {
  await visit.end(/422/);
  await stage.close();
});

/** States of the prompt, each reached from the one before. @type {Record<string, () => Promise<unknown>>} */
const STATES = {
  question: () => visit.moment('shown'),
  'follow-up': async () => {
    await visit.host.locator('[part~=option]').first().click();
    await visit.comment.fill('Ottime scarpe, davvero');
    // What is under the pointer looks as if it were chosen.
    await visit.page.mouse.move(0, 0);
  },
  thanks: async () => {
    await visit.button('submit').click();
    await visit.thanks.waitFor();
  },
  error: async () => {
    await refuse();
    const error = visit.host.locator('[part~=error]');
    await error.waitFor();
    assert.ok(await error.evaluate((node) => node.matches('[role=status]:focus')), 'it is announced, and the focus is not lost');
  },
};

/**
 * Asks `survey` in `lang`.
 * @param {string} survey
 * @param {[string, string]} lang
 */
async function ask(survey, lang) {
  await visit.page.evaluate(([slug, [language, dir]]) => {
    const noted = /** @type {any} */ (globalThis);
    noted.e2eMoments.length = 0;
    Object.assign(document.documentElement, { lang: language, dir });
    if (slug.endsWith('-inline')) {
      const slot = document.createElement('parere-survey');
      slot.setAttribute('survey', slug);
      document.querySelector('main')?.append(slot);
    }
    noted.parere.show(slug);
  }, /** @type {const} */ ([survey, lang]));
  const tab = visit.host.locator('[part~=tab]');
  if (survey.endsWith('-tab')) await tab.click();
  await visit.host.evaluate((host) => host.scrollIntoView({ block: 'center' }));
  await visit.asked();
  assert.equal(await visit.host.locator('[part~=card]').getAttribute('lang'), lang[0]);
}

for (const placement of PLACEMENTS) {
  for (const kind of Object.keys(KINDS)) {
    test(`${placement}: ${kind}`, async () => {
      for (const lang of Object.entries(LANGUAGES)) {
        await ask(`${kind}-${placement}`, lang);
        let themes = /** @type {('light' | 'dark')[]} */ (['light', 'dark']);
        for (const [state, reach] of Object.entries(STATES)) {
          await reach();
          for (const colorScheme of themes) {
            await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await visit.frame();
            await visit.assertAccessible('parere-survey');
            assert.deepEqual(await tooWeak(visit), [], `${state} in ${lang[0]}, ${colorScheme}`);
          }
          // The next state is met in the theme in which this one was left.
          themes = [...themes].reverse();
        }
        await visit.page.evaluate('parere.dismiss()');
        await visit.host.waitFor({ state: 'detached' });
      }
    });
  }
}
