// The language of the page decides what is asked, in which words, and is stored with the answer.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { Stage } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

const ENGLISH = {
  locale: 'en', question: /How likely are you to recommend Bottega Fiorini/, best: /^10 of 10, Extremely likely$/,
  why: 'What did you like most?', send: 'Send', dismiss: 'No, thanks', thanks: 'Thank you for your opinion.',
};
const ITALIAN = {
  locale: 'it', question: /Quanto è probabile che consiglieresti Bottega Fiorini/, best: /^10 su 10, Molto probabile$/,
  why: 'Che cosa ti è piaciuto di più?', send: 'Invia', dismiss: 'No, grazie', thanks: 'Grazie per il tuo parere.',
};

/** @type {[string, import('./shop.mjs').Embedding, string, typeof ENGLISH][]} */
const CASES = [
  ['an Italian page', { lang: 'it' }, 'en-GB', ITALIAN],
  ['an English page', { lang: 'en' }, 'it-IT', ENGLISH],
  ['a page of Switzerland', { lang: 'it-CH' }, 'en-GB', ITALIAN],
  ['a tag that says Italian', { lang: 'en', tag: { 'data-lang': 'it' } }, 'en-GB', ITALIAN],
  ['a page that says nothing, a browser that says Italian', { lang: '' }, 'it-IT', ITALIAN],
  ['a page in a language that the survey does not have', { lang: 'de' }, 'it-IT', ITALIAN],
  ['a page and a browser that the survey does not know', { lang: 'de' }, 'de-DE', ENGLISH],
];

for (const [what, embedding, locale, words] of CASES) {
  test(`${what} is asked in ${words.locale}`, async () => {
    const page = stage.shop.page(embedding);
    const visit = await stage.visit({ locale });
    await visit.ask(page);
    assert.match(await visit.question.ariaSnapshot(), words.question);
    assert.equal(await visit.host.locator('[part~=card]').getAttribute('lang'), words.locale);
    assert.equal(await visit.button('dismiss').innerText(), words.dismiss);
    await visit.read();
    await visit.option(words.best).click();
    await visit.host.getByRole('textbox', { name: words.why, exact: true }).waitFor();
    assert.equal(await visit.button('submit').innerText(), words.send);
    await visit.comment.fill('👍');
    await visit.button('submit').click();
    await visit.thanks.waitFor();
    assert.equal((await visit.thanks.innerText()).trim(), words.thanks);
    const answer = await stage.collector.answer(page.path, 2);
    assert.deepEqual([answer.locale, answer.score, answer.flags], [words.locale, 10, []]);
    await visit.end();
  });
}

/** Of which languages which one is nearest: the table of shared/src/language.rs. @type {{own: string[], wanted: string, is: string}[]} */
const NEAREST = JSON.parse(await readFile(new URL('../cases/languages.json', import.meta.url), 'utf8'));

test('regions, scripts and older names lead to the nearest language', async () => {
  // The browser speaks none of them.
  const visit = await stage.visit({ locale: 'eo' });
  const words = { question: '?', low: '-', high: '+', thanks: '.' };
  for (const languages of new Set(NEAREST.map(({ own }) => own.join()))) {
    const own = languages.split(',');
    const texts = Object.fromEntries(own.map((tag) => [tag, words]));
    const site = await stage.collector.site({ languages: own, texts, placement: 'tab', trigger: { on: 'event', name: 'never' } });
    // The tag itself asks for one when the page has loaded.
    await Promise.all([visit.page.waitForRequest(/\.bin$/), visit.page.goto(stage.shop.page({ site, slot: 'none' }).url)]);
    for (const { wanted, is } of NEAREST.filter((row) => row.own.join() === languages)) {
      const asked = visit.page.waitForRequest(/\.bin$/);
      await visit.page.evaluate((lang) => {
        document.documentElement.lang = lang;
        return /** @type {any} */ (globalThis).parere.explain();
      }, wanted);
      const [, , found] = new URL((await asked).url()).pathname.match(/\.(nps)\.(.*)-/) ?? [];
      assert.equal(found, is || own[0], `${wanted} of ${languages}`);
    }
  }
  await visit.end();
});

test('each band has its own question', async () => {
  for (const [score, why] of /** @type {[number, string][]} */ ([
    [0, 'Che cosa è andato storto?'],
    [6, 'Che cosa è andato storto?'],
    [7, 'Che cosa possiamo migliorare?'],
    [8, 'Che cosa possiamo migliorare?'],
    [9, 'Che cosa ti è piaciuto di più?'],
  ])) {
    const visit = await stage.visit();
    await visit.ask(stage.shop.page({ lang: 'it' }));
    await visit.option(new RegExp(`^${score} su 10`)).click();
    await visit.host.getByRole('textbox', { name: why, exact: true }).waitFor();
    await visit.end();
  }
});

test("a merchant's own words, and a language that we do not ship", async () => {
  const scale = { min: 1, max: 5, polarity: 'high_is_good', look: 'faces' };
  const texts = {
    it: { question: 'Ti piace?' },
    lld: { question: 'Ve sàl?', low: 'No', high: 'Dër', thanks: 'Giulan.' },
  };
  const survey = { slug: 'own-words', state: 'live', metric: 'csat', languages: ['it', 'lld'], scale, texts };
  await stage.collector.api('POST', '/sites/pk_demo/surveys', survey);
  for (const [lang, question, thanks] of [['it', /Ti piace\?/, 'Grazie per il tuo parere.'], ['lld', /Ve sàl\?/, 'Giulan.']]) {
    const page = stage.shop.page({ lang: String(lang), survey: 'own-words' });
    const visit = await stage.visit();
    await visit.ask(page);
    assert.match(await visit.question.ariaSnapshot(), /** @type {RegExp} */ (question));
    await visit.host.locator('[part~=option]').last().click();
    await visit.button('submit').click();
    await visit.thanks.waitFor();
    assert.equal((await visit.thanks.innerText()).trim(), thanks);
    await visit.end();
  }
});
