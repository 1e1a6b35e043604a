// The hosted page: the question without a shop around it, and without any script.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const SMALL = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
// The pages that say "not like this" come with a status that the browser notes in its console.
const REFUSALS = /status of 4\d\d/;

const address = (/** @type {string} */ path) => `${stage.collector.url}/s/${path}`;

const option = (/** @type {string} */ value, /** @type {string} */ en, /** @type {string} */ ar) => ({ value, label: { en, ar } });
const FIT = option('fit', 'The fit', 'المقاس');
const WAIT = option('wait', 'The wait for the parcel, from the order to the door, and nobody to ask', 'الانتظار');
const LOOK = option('look', 'The look', 'الشكل');
// Several reasons and room for a comment, or one reason and none.
const REASONS = {
  languages: ['en', 'ar'],
  follow_ups: [
    { from: 0, to: 6, choices: { options: [FIT, WAIT], other: true } },
    { from: 9, to: 10, comment: false, choices: { pick: 'one', options: [LOOK, FIT] } },
  ],
};

/**
 * The answers with this reference: each test has one of its own.
 * @param {string} ref
 * @returns {Promise<any[]>}
 */
async function answers(ref) {
  const page = await stage.collector.api('GET', '/sites/pk_demo/responses?limit=500');
  return page.responses.filter((/** @type {{ref: string}} */ row) => row.ref === ref);
}

test('score, comment and thanks, with scripts switched off and by the keyboard alone', async () => {
  const visit = await stage.visit({ javaScriptEnabled: false, locale: 'it-IT' });
  const { page } = visit;
  await page.goto(address('pk_demo/nps?ref=keys&via=email'));
  await visit.linger();
  const scale = page.getByRole('group', { name: /Quanto è probabile che consiglieresti Bottega Fiorini/ });
  assert.equal(await scale.getByRole('radio').count(), 11);
  await scale.getByRole('radio', { name: '10 su 10, Molto probabile' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Risposta registrata.').waitFor();
  assert.ok(await page.getByRole('radio', { name: '1 su 10' }).isChecked(), 'the choice stands and can be changed');
  await page.getByRole('textbox', { name: 'Che cosa è andato storto?' }).fill('La suola.');
  await page.getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('heading', { name: 'Grazie per il tuo parere.' }).waitFor();
  const [answer, ...others] = await answers('keys');
  assert.deepEqual(
    [others.length, answer.revision, answer.score, answer.comment, answer.locale, answer.channel, answer.flags],
    [0, 2, 1, 'La suola.', 'it', 'email', []],
  );
  assert.deepEqual(await visit.context.cookies(), []);
  assert.ok(visit.requests.every((url) => url.startsWith(stage.collector.url)), `${visit.requests}`);
  await visit.end();
});

test('the way back leads to the same answer', async () => {
  const visit = await stage.visit({ javaScriptEnabled: false });
  const { page } = visit;
  const send = page.getByRole('button', { name: 'Send' });
  await page.goto(address('pk_demo/nps?ref=back&score=9'));
  assert.equal((await answers('back')).length, 0, 'a link records nothing');
  await send.click();
  await page.getByText('What did you like most?').waitFor();
  await page.goBack();
  await page.getByRole('radio', { name: '2 of 10' }).check();
  await send.click();
  await page.getByText('What went wrong for you?').waitFor();
  const found = await answers('back');
  assert.deepEqual(found.map((row) => row.score), [2]);
  await visit.end();
});

test('a mistake is said at the field, in the language of the page', async () => {
  const visit = await stage.visit({ javaScriptEnabled: false, locale: 'it' });
  const { page } = visit;
  await page.goto(address('pk_demo/nps?ref=fault'));
  await page.getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('alert').getByText('Scegli prima un punteggio.').waitFor();
  await page.getByRole('radio', { name: '7 su 10' }).check();
  await page.getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('textbox').waitFor();
  assert.deepEqual((await answers('fault')).map((row) => row.score), [7]);
  await visit.end(REFUSALS);
});

test('choices are ticked by the keyboard alone, survive a mistake and arrive', async () => {
  const site = await stage.collector.site(REASONS);
  const path = `/s/${site}/nps`;
  const visit = await stage.visit({ javaScriptEnabled: false });
  const { page } = visit;
  const send = page.getByRole('button', { name: 'Send' });
  await page.goto(address(`${site}/nps?score=3`));
  await send.click();
  const reasons = page.getByRole('group', { name: 'What went wrong for you?' });
  assert.equal(await reasons.getByRole('checkbox').count(), 3);
  await reasons.getByRole('checkbox', { name: 'The fit' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  const comment = page.getByRole('textbox', { name: 'What went wrong for you?' });
  // Longer than a field lets one type.
  await comment.evaluate((field) => void (/** @type {any} */ (field).value = 'x'.repeat(4_001)));
  await send.click();
  await page.getByRole('alert').getByText('4001 / 4000').waitFor();
  assert.deepEqual(
    await reasons.getByRole('checkbox').evaluateAll((fields) => fields.map((field) => /** @type {any} */ (field).checked)),
    [true, false, true],
  );
  await comment.fill('The dye');
  await send.click();
  await page.getByRole('heading', { name: 'Thank you for your opinion.' }).waitFor();
  const said = (await stage.collector.answers(path, site)).find((row) => row.revision === 2);
  assert.deepEqual([said.score, said.choices, said.comment], [3, ['fit', 'other'], 'The dye']);
  await visit.end(REFUSALS);
});

test('one choice and no comment', async () => {
  const site = await stage.collector.site(REASONS);
  const visit = await stage.visit({ javaScriptEnabled: false });
  const { page } = visit;
  await page.goto(address(`${site}/nps?score=9`));
  await page.getByRole('button').click();
  await page.getByRole('group', { name: 'What did you like most?' }).getByRole('radio', { name: 'The look' }).check();
  await page.getByRole('radio', { name: 'The fit' }).check();
  assert.equal(await page.getByRole('textbox').count(), 0);
  await page.getByRole('button').click();
  await page.getByRole('heading', { name: 'Thank you for your opinion.' }).waitFor();
  assert.deepEqual((await stage.collector.answer(`/s/${site}/nps`, 2, site)).choices, ['fit']);
  await visit.end();
});

for (const [device, viewport] of /** @type {const} */ ([['phone', PHONE], ['small phone', SMALL], ['desktop', DESKTOP]])) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`every scale in every state on a ${device}, ${colorScheme}`, async () => {
      const visit = await stage.visit({ ...viewport, colorScheme, reducedMotion: 'reduce' });
      const { page } = visit;
      const look = async () => {
        await visit.assertFitsWidth();
        await visit.assertAccessible();
        for (const target of [...(await page.locator('label:has(input)').all()), page.locator('button')]) {
          const { width = 0, height = 0 } = (await target.boundingBox()) ?? {};
          assert.ok(width >= 43 && height >= 44, `a finger hits it: ${width} × ${height}`);
        }
      };
      for (const survey of ['pk_demo/nps', 'pk_demo/csat', 'pk_scales/effort-7', 'pk_scales/csat-faces', 'pk_scales/csat-thumbs']) {
        await page.goto(address(survey));
        await look();
        await page.getByRole('button').click();
        await page.getByRole('alert').waitFor();
        await look();
        await page.getByRole('radio').first().check();
        await look();
        await page.getByRole('button').click();
        await page.getByRole('textbox').waitFor();
        await look();
      }
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'Thank you for your opinion.' }).waitFor();
      await visit.assertAccessible();
      await page.goto(address('pk_demo/nothing'));
      await page.getByRole('heading', { name: 'This question is closed.' }).waitFor();
      await visit.assertAccessible();
      await visit.end(REFUSALS);
    });
  }
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`choices on a small phone, in both directions, ${colorScheme}`, async () => {
    const site = await stage.collector.site(REASONS);
    const visit = await stage.visit({ ...SMALL, colorScheme, reducedMotion: 'reduce' });
    const { page } = visit;
    for (const [lang, score, size] of [['en', 3, ''], ['en', 9, ''], ['ar', 3, ''], ['en', 3, '200%'], ['ar', 9, '200%']]) {
      await page.goto(address(`${site}/nps?lang=${lang}&score=${score}`));
      await page.getByRole('button').click();
      await page.evaluate((size) => document.documentElement.style.setProperty('font-size', size), `${size}`);
      const choices = page.locator('label', { has: page.locator('[name=choice]') });
      assert.equal(await choices.count(), score === 3 ? 3 : 2);
      await choices.first().tap();
      assert.ok(await page.locator('[name=choice]').first().isChecked(), 'the whole row is the target');
      await visit.assertFitsWidth();
      await visit.assertAccessible();
      for (const choice of await choices.all()) {
        const { height = 0 } = (await choice.boundingBox()) ?? {};
        assert.ok(height >= 44, `a finger hits it: ${height}`);
      }
      const [box, words] = await Promise.all(['input', 'span'].map((part) => choices.first().locator(part).boundingBox()));
      assert.equal((box?.x ?? 0) > (words?.x ?? 0), lang === 'ar', 'the box stands where the line begins');
    }
    await visit.end();
  });
}

test('text at twice its size, and lines from right to left', async () => {
  const visit = await stage.visit({ ...PHONE, reducedMotion: 'reduce', locale: 'ar' });
  const { page } = visit;
  const nps = await stage.collector.api('GET', '/sites/pk_demo/surveys/nps');
  await stage.collector.api('POST', '/sites/pk_demo/surveys', { ...nps, slug: 'both-ways', languages: ['en', 'ar'], texts: {} });
  const left = async (/** @type {number} */ score) => (await page.locator(`label:has([value="${score}"])`).boundingBox())?.x ?? 0;
  for (const [lang, dir] of [['en', 'ltr'], ['ar', 'rtl']]) {
    await page.goto(address(`pk_demo/both-ways?score=9${lang === 'en' ? '&lang=en' : ''}`));
    assert.equal(await page.locator('html').getAttribute('dir'), dir);
    const mirrored = (await left(0)) > (await left(1));
    assert.equal(mirrored, dir === 'rtl', 'the scale runs as the language does');
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    await visit.assertFitsWidth();
    await visit.assertAccessible();
    await page.getByRole('button').click();
    await page.getByRole('textbox').waitFor();
    await visit.assertFitsWidth();
    await visit.assertAccessible();
  }
  await visit.end();
});

test('colours of the system, where the shopper has chosen some', async () => {
  const visit = await stage.visit({ forcedColors: 'active', reducedMotion: 'reduce' });
  const { page } = visit;
  await page.goto(address('pk_demo/nps?score=9'));
  const paint = (/** @type {string} */ value) =>
    page.locator(`input[value="${value}"] + span`).evaluate((cell) => getComputedStyle(cell).backgroundColor);
  assert.notEqual(await paint('9'), await paint('8'), 'the chosen point is told apart');
  await visit.end();
});

test('a shop of the site may show it in a frame, another page may not', async () => {
  const visit = await stage.visit();
  const { page } = visit;
  const source = address('pk_demo/nps?via=inline&page=/products/framed');
  await page.goto(stage.shop.page({ slot: 'none', place: 'none' }).url);
  await page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), source);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('radio', { name: '6 of 10' }).check();
  await frame.getByRole('button', { name: 'Send' }).click();
  await frame.getByRole('textbox').waitFor();
  const answer = await stage.collector.answer('/products/framed', 1);
  assert.deepEqual([answer.score, answer.channel], [6, 'inline']);
  await page.route('https://elsewhere.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<title>x</title><iframe src="${source}"></iframe>` }));
  await page.goto('https://elsewhere.example/');
  await page.waitForLoadState();
  assert.equal(await frame.getByRole('radio').count(), 0);
  await visit.end(/frame-ancestors|Refused to frame|Framing|Mixed Content/i);
});
