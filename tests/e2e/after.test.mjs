// What follows a score: choices, comments without names, thanks with a link, and "never again".

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

const options = [
  { value: 'fit', label: { en: 'The fit' } },
  { value: 'wait', label: { en: 'The wait' } },
];

test('choices join the answer, and something else is told in a comment', async () => {
  const site = await stage.collector.site({ follow_ups: [{ from: 0, to: 6, choices: { options, other: true } }] });
  const visit = await stage.visit();
  const page = stage.shop.page({ site });
  await visit.ask(page);
  await visit.option(/^3 of 10/).click();
  await visit.host.getByRole('checkbox', { name: 'The wait' }).check();
  await visit.host.getByRole('checkbox', { name: 'Something else' }).check();
  await visit.assertAccessible('parere-survey');
  await visit.comment.fill('The colour');
  await visit.button('submit').click();
  const answer = await stage.collector.answer(page.path, 2, site);
  assert.deepEqual([answer.choices, answer.comment], [['wait', 'other'], 'The colour']);
  await visit.end();
});

test('one choice and no comment', async () => {
  const follow_ups = [{ from: 0, to: 10, comment: false, choices: { pick: 'one', options } }];
  const site = await stage.collector.site({ follow_ups });
  const visit = await stage.visit();
  const page = stage.shop.page({ site });
  await visit.ask(page);
  await visit.option(/^9 of 10/).click();
  await visit.host.getByRole('radio', { name: 'The fit' }).check();
  await visit.host.getByRole('radio', { name: 'The wait' }).check();
  assert.equal(await visit.comment.count(), 0);
  await visit.button('submit').click();
  assert.deepEqual((await stage.collector.answer(page.path, 2, site)).choices, ['wait']);
  await visit.end();
});

test('what was written stays when another band asks another question', async () => {
  const visit = await stage.visit();
  await visit.ask(stage.shop.page());
  await visit.option(/^9 of 10/).click();
  await visit.comment.fill('Comode, ma');
  await visit.option(/^2 of 10/).click();
  await visit.host.getByText('What went wrong').waitFor();
  assert.equal(await visit.comment.inputValue(), 'Comode, ma');
  await visit.end();
});

test('addresses and numbers of people do not leave the browser', async () => {
  const visit = await stage.visit();
  const page = stage.shop.page();
  await visit.ask(page);
  await visit.option(/^2 of 10/).click();
  await visit.comment.fill('Write to ada@example.org or +39 333 123 4567, card 4111 1111 1111 1111');
  await visit.button('submit').click();
  const answer = await stage.collector.answer(page.path, 2);
  assert.equal(answer.comment, 'Write to [email] or [phone], card [card]');
  assert.equal((await visit.posted(2))[1].comment, answer.comment, 'masked before it was sent');
  await visit.end();
});

test('thanks by band, with a link', async () => {
  const link = { url: 'https://reviews.example/fiorini', label: { en: 'Tell others, too' } };
  const thanks = [{ from: 9, to: 10, text: { en: 'How kind of you.' }, link }];
  const site = await stage.collector.site({ thanks });
  for (const [point, words, links] of /** @type {[RegExp, string, number][]} */ ([
    [/^10 of 10/, 'How kind of you.', 1], [/^8 of 10/, 'Thank you for your opinion.', 0],
  ])) {
    const visit = await stage.visit();
    await visit.ask(stage.shop.page({ site }));
    await visit.option(point).click();
    await visit.button('submit').click();
    await visit.thanks.getByText(words).waitFor();
    assert.equal(await visit.host.getByRole('link', { name: 'Tell others, too' }).count(), links);
    await visit.assertAccessible('parere-survey');
    await visit.end();
  }
});

test('never again means no survey of the site', async () => {
  const visit = await stage.visit();
  const page = stage.shop.page({ tag: { 'data-debug': '' } });
  await visit.ask(page);
  await until('the widget listens', async () => visit.requests.some((url) => url.includes('parere-answer')));
  await visit.host.getByRole('button', { name: 'Don’t ask me again' }).click();
  await visit.host.waitFor({ state: 'detached' });
  await visit.assertAskedNothing(page);
  await visit.assertAskedNothing(stage.shop.page({ survey: 'ces', tag: { 'data-debug': '' } }));
  await visit.end();
});
