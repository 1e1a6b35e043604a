// What the extension of Shopify's thank-you page keeps of an answer, and how long it is sent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { next } = await import(pathToFileURL(`${process.env.THANK_YOU_JS}/answer.js`).href);
const { Outbox } = await import(pathToFileURL(`${process.env.THANK_YOU_JS}/outbox.js`).href);

const start = Date.parse('2026-11-21T10:00:00Z');

/** A page whose collector replies with these statuses, one after the other; 0 stands for no reply. */
function page(statuses, stored) {
  const seen = { sent: [], stored, pauses: [], now: start };
  const rim = {
    read: async () => seen.stored && JSON.parse(seen.stored),
    write: async (kept) => {
      seen.stored = JSON.stringify(kept);
    },
    post: async (kept) => {
      seen.sent.push(kept);
      const status = statuses.shift();
      if (!status) throw new TypeError('no network');
      return { status, retryAfter: null };
    },
    pause: async (ms) => {
      seen.pauses.push(ms);
      seen.now += ms;
    },
    now: () => seen.now,
    chance: () => 0,
  };
  return { rim, seen };
}

/** All that waits for nothing but promises has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a reply settles an answer, and until then it is sent under one id', async () => {
  for (const [statuses, end] of [
    [[200], 'stored'], [[409], 'stored'], [[0, 200], 'stored'], [[429, 503, 500, 0, 0, 0, 200], 'stored'],
    [[400], 'refused'], [[403], 'refused'], [[404], 'refused'], [[410], 'refused'], [[503, 422], 'refused'],
  ]) {
    const { rim, seen } = page([...statuses]);
    const kept = next(undefined, 'a', 9, 'Comode', start);
    assert.equal(await new Outbox(rim).put(kept), end, statuses.join());
    assert.equal(seen.sent.length, statuses.length, statuses.join());
    assert.deepEqual([...new Set(seen.sent.map(({ id, revision }) => `${id} ${revision}`))], ['a 1']);
    assert.equal(seen.pauses.length, statuses.length - 1);
    await settled();
    // A later visit knows that there was an answer; its words are gone from the device.
    assert.deepEqual(JSON.parse(seen.stored), { ...kept, comment: '', waits: false });
  }
});

test('an answer that was given is not asked for again, and sent if it was not', async () => {
  const waiting = next(undefined, 'a', 9, 'Comode', start);
  for (const [stored, isAnswered, sent] of [
    [undefined, false, []],
    [JSON.stringify({ ...waiting, waits: false }), true, []],
    [JSON.stringify({ id: 'a', revision: 1, score: 9 }), true, []],
    [JSON.stringify(waiting), true, [waiting]],
  ]) {
    const { rim, seen } = page([200], stored);
    assert.equal(await new Outbox(rim).open(), isAnswered, stored);
    await settled();
    assert.deepEqual(seen.sent, sent, stored);
  }
});

test('it is kept before the collector has it', async () => {
  const { rim, seen } = page([]);
  rim.post = () => new Promise(() => {});
  const kept = next(undefined, 'a', 9, '', start);
  void new Outbox(rim).put(kept);
  await settled();
  assert.deepEqual(JSON.parse(seen.stored), kept);
});

test('where storage fails it is asked and sent all the same', async () => {
  const fails = async () => {
    throw new Error('no storage');
  };
  const throws = () => {
    throw new Error('no storage');
  };
  for (const storage of [fails, throws]) {
    const { rim, seen } = page([0, 200]);
    const outbox = new Outbox({ ...rim, read: storage, write: storage });
    assert.equal(await outbox.open(), false);
    assert.equal(await outbox.put(next(undefined, 'a', 9, '', start)), 'stored');
    assert.equal(seen.sent.length, 2);
  }
});

test('a later revision takes the place of one that waits', async () => {
  const { rim, seen } = page([503, 200]);
  let goOn;
  rim.pause = () => new Promise((resolve) => (goOn = resolve));
  const outbox = new Outbox(rim);
  const first = next(undefined, 'a', 9, '', start);
  const earlier = outbox.put(first);
  await settled();
  const second = next(first, 'b', 3, 'Strette', start);
  assert.equal(await outbox.put(second), 'stored');
  goOn();
  assert.equal(await earlier, 'replaced');
  assert.deepEqual(seen.sent, [first, second]);
  await settled();
  assert.deepEqual(JSON.parse(seen.stored), { ...second, comment: '', waits: false });
});

test('after a week it is given up', async () => {
  const { rim, seen } = page([]);
  assert.equal(await new Outbox(rim).put(next(undefined, 'a', 9, '', start)), 'refused');
  assert.ok(seen.now - start > 7 * 24 * 60 * 60_000);
  assert.ok(seen.sent.length < 5000, `${seen.sent.length} tries`);
  await settled();
  assert.equal(JSON.parse(seen.stored).waits, false);
});
