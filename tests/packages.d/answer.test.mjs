// What the extension of Shopify's thank-you page sends, held against the collector's own description.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { answer, isOver, meaning, next, points, reference, remembered, settings, uuid7, verdict, wait } = await import(
  pathToFileURL(`${process.env.THANK_YOU_JS}/answer.js`).href
);
const described = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'));
const schema = described.components.schemas.Response;

const entered = {
  collector: 'https://feedback.example/',
  site: 'pk_demo',
  survey: 'nps',
  question: 'How likely are you to recommend us?',
  scale: '0-10',
};
const order = { id: 'gid://shopify/OrderIdentity/820982911946154508?x=1', customer: 'gid://shopify/Customer/7', locale: 'it' };
const now = Date.parse('2026-11-21T10:00:00Z');
const id = '019a0000-0000-7000-8000-000000000001';

test('an answer is one that the collector describes', () => {
  for (const [comment, mayName] of [['', true], ['  Comode ', false], ['x'.repeat(5000), true]]) {
    const sent = answer(settings(entered), order, next(undefined, id, 9, comment, now - 1000), mayName, now);
    for (const name of schema.required) assert.ok(name in sent, `${name} is missing`);
    for (const [name, value] of Object.entries(sent)) {
      let rule = schema.properties[name];
      assert.ok(rule, `${name} is described`);
      if (rule.$ref) rule = described.components.schemas[rule.$ref.split('/').pop()];
      if (rule.pattern) assert.match(value, new RegExp(rule.pattern, 'u'), name);
      if (rule.maxLength) assert.ok([...value].length <= rule.maxLength, name);
      const types = [rule.type ?? 'string'].flat();
      assert.ok(types.includes(Number.isInteger(value) ? 'integer' : typeof value), `${name}: ${types}`);
    }
    assert.equal(sent.ref, '820982911946154508');
    assert.equal(sent.subject, mayName ? '7' : undefined);
    assert.equal('comment' in sent, comment.trim() !== '');
    assert.deepEqual([sent.occurred_at, sent.sent_at], ['2026-11-21T09:59:59.000Z', '2026-11-21T10:00:00.000Z']);
  }
});

test('the first and the last point say what they mean', () => {
  const worded = settings({ ...entered, low: 'Not at all', high: 'Certainly' });
  assert.deepEqual([0, 5, 10].map((point) => meaning(worded, point)), ['Not at all', '', 'Certainly']);
  assert.deepEqual([0, 10].map((point) => meaning(settings(entered), point)), ['', '']);
});

test('an order has one answer with revisions', () => {
  const first = next(undefined, 'a', 9, '', now);
  assert.deepEqual(first, { id: 'a', revision: 1, score: 9, comment: '', chosen: now, waits: true });
  const second = next(first, 'b', 3, ' Comode ', now + 5);
  assert.deepEqual(second, { id: 'a', revision: 2, score: 3, comment: 'Comode', chosen: now, waits: true });
});

test('what was kept is known again, and nothing else is taken for it', () => {
  const waiting = next(undefined, 'a', 9, 'Comode', now);
  assert.deepEqual(remembered(JSON.parse(JSON.stringify(waiting))), waiting);
  const before = remembered({ id: 'a', revision: 2, score: 9 });
  assert.deepEqual(before, { id: 'a', revision: 2, score: 9, comment: '', chosen: 0, waits: false });
  for (const other of [undefined, null, 'yes', 7, {}, { id: 'a' }, { id: 1, revision: 1, score: 1 }]) {
    assert.equal(remembered(other), undefined, JSON.stringify(other));
  }
});

test('an id is a UUIDv7 of its moment', () => {
  const id = uuid7(now, new Uint8Array(16).fill(255));
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(id.replace('-', '').slice(0, 12), 16), now);
  assert.ok(uuid7(now, new Uint8Array(16)) < uuid7(now + 1, new Uint8Array(16)));
});

test('nothing is asked before the fields are filled in', () => {
  assert.equal(settings(entered).collector, 'https://feedback.example');
  for (const wrong of [
    { collector: 'http://feedback.example' }, { collector: '' }, { site: 'demo' }, { survey: 'N P S' },
    { question: ' ' }, { scale: 'stars' }, { scale: '5-1' }, { scale: '0-99' },
  ]) {
    assert.equal(settings({ ...entered, ...wrong }), undefined, JSON.stringify(wrong));
  }
  assert.deepEqual(points('1-5'), [1, 2, 3, 4, 5]);
  assert.equal(points('0-10').length, 11);
  assert.equal(reference('820982911946154508'), '820982911946154508');
});

test('a reply means what the collector says', () => {
  const cases = { 200: 'stored', 409: 'stored', 400: 'never', 403: 'never', 404: 'never', 410: 'never', 422: 'never', 429: 'again', 500: 'again', 503: 'again' };
  for (const [status, meaning] of Object.entries(cases)) assert.equal(verdict(Number(status)), meaning, status);
  assert.equal(verdict(undefined), 'again');
});

test('tries come at longer and longer intervals, for a week', () => {
  const waits = [[1, null, 0], [1, null, 1], [1, '5', 0], [2, 'soon', 0], [5, null, 1], [99, null, 1], [99, '900', 1]];
  assert.deepEqual(waits.map((given) => wait(...given)), [1000, 2000, 5000, 2000, 32_000, 300_000, 900_000]);
  const week = 7 * 24 * 60 * 60_000;
  const kept = next(undefined, id, 9, '', now);
  assert.deepEqual([now, now + week, now + week + 1].map((at) => isOver(kept, at)), [false, false, true]);
});
