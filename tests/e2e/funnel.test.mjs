// What becomes of a question is counted: once, without a name, and without holding anything up.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, until } from './stage.mjs';

/** @type {Stage} */
let stage;
before(async () => (stage = await Stage.open()));
after(() => stage.close());

/**
 * Every report that leaves the visit's browser.
 * @param {import('./visit.mjs').Visit} visit
 */
const reports = (visit) => {
  /** @type {any[]} */
  const sent = [];
  visit.context.on('request', (request) => {
    if (!request.url().endsWith('/v1/events')) return;
    assert.equal(request.method(), 'POST');
    assert.match(request.headers()['content-type'], /^text\/plain/);
    sent.push(request.postDataJSON());
  });
  return sent;
};

/**
 * Waits until the funnel of the survey `nps` has these numbers.
 * @param {string} site
 * @param {Record<string, number>} expected
 */
const reaches = async (site, expected) => {
  /** @type {any} */
  let funnel = {};
  const isThere = async () => {
    funnel = await stage.collector.api('GET', `/sites/${site}/funnel?survey=nps`);
    return Object.entries(expected).every(([step, n]) => funnel[step] === n);
  };
  await until(`${JSON.stringify(expected)}`, isThere).catch((error) => assert.fail(`${error.message}; it is ${JSON.stringify(funnel)}`));
  return funnel;
};

for (const [where, without] of /** @type {[string, string][]} */ ([['the widget', ''], ['the frame', 'delete window.WebAssembly;']])) {
  test(`${where} reports a question that is sent away, in one beacon`, async () => {
    const site = await stage.collector.site({});
    const visit = await stage.visit();
    const sent = reports(visit);
    await visit.page.goto(stage.shop.page({ site, before: without }).url);
    await visit.moment('shown');
    assert.equal(sent.length, 0, 'nothing is sent while it stands');
    await visit.page.evaluate('parere.dismiss()');
    await visit.moment('dismissed');
    await reaches(site, { eligible: 1, shown: 1, started: 0, answered: 0, dismissed: 1 });
    assert.equal(sent.length, 1, JSON.stringify(sent));
    assert.deepEqual(sent[0].events, ['eligible', 'shown', 'dismissed']);
    const known = ['site', 'survey', 'instrument', 'locale', 'channel', 'touchpoint', 'device', 'events'];
    assert.deepEqual(Object.keys(sent[0]).filter((field) => !known.includes(field)), []);
    await visit.page.reload();
    await visit.end();
    assert.equal(sent.filter((report) => report.events.includes('dismissed')).length, 1, 'and never again');
  });
}

test('a question that is answered was shown and begun, and its rate is told', async () => {
  const site = await stage.collector.site({});
  const visit = await stage.visit();
  const sent = reports(visit);
  const page = stage.shop.page({ site });
  await visit.ask(page);
  await visit.read();
  await visit.option(/^9 of 10/).click();
  await stage.collector.answer(page.path, 1, site);
  await visit.page.evaluate('parere.dismiss()');
  const funnel = await reaches(site, { eligible: 1, shown: 1, started: 1, answered: 1, commented: 0, dismissed: 0 });
  assert.equal(funnel.response_rate.share, 100);
  assert.deepEqual(sent.map(({ events }) => events), [['eligible', 'shown', 'started']]);
  assert.match(sent[0].instrument, /^[0-9a-f]{16}$/);
  assert.deepEqual([sent[0].channel, sent[0].locale, sent[0].device], ['inline', 'en', 'desktop']);
  await visit.end();
});

for (const [where, without] of /** @type {[string, string][]} */ ([['the widget', ''], ['the frame', 'delete window.WebAssembly;']])) {
  test(`a click on the link under the thanks in ${where} is counted at once, and only once`, async () => {
    const link = { url: 'https://reviews.example/fiorini', label: { en: 'Tell others, too' } };
    const site = await stage.collector.site({ thanks: [{ from: 0, to: 10, text: { en: 'How kind.' }, link }] });
    const visit = await stage.visit();
    const sent = reports(visit);
    await visit.context.route('https://reviews.example/**', (route) => route.fulfill({ body: 'Reviews' }));
    await visit.page.goto(stage.shop.page({ site, before: without }).url);
    await visit.moment('shown');
    await visit.read();
    const card = without ? visit.page.frameLocator('parere-survey iframe') : visit.host;
    await card.getByRole('radio', { name: /^9 of 10/ }).check();
    await card.getByRole('button', { name: 'Send' }).click();
    if (without) await card.getByRole('button', { name: 'Send' }).click();
    const followed = card.getByRole('link', { name: 'Tell others, too' });
    for (const button of /** @type {const} */ (['middle', 'left'])) {
      const opened = visit.context.waitForEvent('page');
      await followed.click({ button });
      // A tab behind the page has begun to load before anybody can stand in for the other site.
      if (button === 'middle') await opened;
      else assert.equal((await opened).url(), link.url, 'the way is free');
      await until(`the ${button} button is counted`, async () => sent.some(({ events }) => events.includes('clicked')));
    }
    await reaches(site, { answered: 1, clicked: 1 });
    assert.equal(sent.flatMap(({ events }) => events).filter((kind) => kind === 'clicked').length, 1);
    await visit.end();
  });
}

test('a menu over the link under the thanks follows nothing', async () => {
  const link = { url: 'https://reviews.example/fiorini', label: { en: 'Tell others, too' } };
  const site = await stage.collector.site({ thanks: [{ from: 0, to: 10, text: { en: 'How kind.' }, link }] });
  const visit = await stage.visit();
  await visit.ask(stage.shop.page({ site }));
  await visit.read();
  await visit.option(/^9 of 10/).click();
  await visit.host.getByRole('button', { name: 'Send' }).click();
  await visit.host.getByRole('link', { name: 'Tell others, too' }).click({ button: 'right' });
  await visit.page.goto('about:blank');
  await reaches(site, { shown: 1, answered: 1, clicked: 0 });
  await visit.end();
});

for (const button of /** @type {const} */ (['left', 'middle'])) {
  test(`the hosted page counts the ${button} button on its link without a script`, async () => {
    const link = { url: 'https://reviews.example/fiorini', label: { en: 'Tell others, too' } };
    const site = await stage.collector.site({ thanks: [{ from: 0, to: 10, text: { en: 'How kind.' }, link }] });
    const visit = await stage.visit({ javaScriptEnabled: false });
    const { page } = visit;
    await visit.context.route('https://reviews.example/**', (route) => route.fulfill({ body: 'Reviews' }));
    await page.goto(`${stage.collector.url}/s/${site}/nps?lang=en`);
    await visit.linger();
    await page.getByRole('radio', { name: /^9 of 10/ }).check();
    await page.getByRole('button').click();
    await page.getByRole('textbox').fill('Comode');
    await page.getByRole('button').click();
    const onward = page.getByRole('link', { name: 'Tell others, too' });
    if (button === 'left') {
      await onward.click();
      await page.waitForURL(link.url);
    } else {
      // A tab behind the page: what it loads first is ours.
      const opened = visit.context.waitForEvent('page');
      await onward.click({ button });
      await opened;
    }
    await reaches(site, { clicked: 0, clicked_hosted: 1 });
    await visit.end();
  });
}

test('who leaves without a word has been asked', async () => {
  const site = await stage.collector.site({});
  const visit = await stage.visit();
  await visit.ask(stage.shop.page({ site }));
  await visit.moment('shown');
  await visit.page.goto('about:blank');
  await reaches(site, { eligible: 1, shown: 1, started: 0, answered: 0, dismissed: 0 });
  await visit.end();
});

test('a question behind a tab that nobody opens is eligible, and not shown', async () => {
  const site = await stage.collector.site({ placement: 'tab' });
  const visit = await stage.visit();
  await visit.page.goto(stage.shop.page({ site, slot: 'none' }).url);
  await visit.host.waitFor({ state: 'attached' });
  await visit.page.waitForFunction('document.querySelector("parere-survey")?.shadowRoot');
  await visit.page.goto('about:blank');
  await reaches(site, { eligible: 1, shown: 0, dismissed: 0 });
  await visit.end();
});

test('where nothing may be kept, nothing is, and the count is the same', async () => {
  const site = await stage.collector.site({});
  const visit = await stage.visit();
  const sent = reports(visit);
  await visit.ask(stage.shop.page({ site, tag: { 'data-consent': 'denied', 'data-subject': 'c-77' } }));
  await visit.moment('shown');
  assert.equal(await visit.page.evaluate('Object.keys(localStorage).length + Object.keys(sessionStorage).length'), 0);
  await visit.page.evaluate('parere.dismiss()');
  await reaches(site, { shown: 1, dismissed: 1 });
  assert.equal(sent.length, 1);
  assert.ok(!JSON.stringify(sent).includes('c-77'));
  await visit.end();
});
