// The template for Tag Manager: its parts are well-formed, and its script does what it says with the functions stubbed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const text = readFileSync(new URL('../../www/gtm/template.tpl', import.meta.url), 'utf8');
const parts = Object.fromEntries(
  text.split(/^___([A-Z_]+)___$/m).slice(1).reduce((all, part, i, list) => (i % 2 ? all : [...all, [part, list[i + 1]]]), []),
);

/** Runs the script with a window, and says what it did. */
function run(data, window = {}) {
  const done = [];
  const stubs = {
    copyFromWindow: (name) => window[name],
    setInWindow: (name, value) => (window[name] = value),
    createQueue: (path) => {
      const [root, name] = path.split('.');
      return (call) => window[root][name].push(call);
    },
    encodeUri: encodeURI,
    injectScript: (address, success, _failure, key) => {
      done.push([address, key]);
      success();
    },
  };
  const gtm = { gtmOnSuccess: () => done.push('success'), gtmOnFailure: () => done.push('failure') };
  new Function('require', 'data', parts.SANDBOXED_JS_FOR_WEB_TEMPLATE)((name) => stubs[name], { ...data, ...gtm });
  return { done, window };
}

test('the parts are well-formed and each field is used', () => {
  assert.equal(JSON.parse(parts.INFO).type, 'TAG');
  for (const { name } of JSON.parse(parts.TEMPLATE_PARAMETERS)) {
    assert.ok(parts.SANDBOXED_JS_FOR_WEB_TEMPLATE.includes(`data.${name}`), name);
  }
  const allowed = JSON.parse(parts.WEB_PERMISSIONS).map(({ instance }) => instance.key.publicId);
  assert.deepEqual(allowed, ['access_globals', 'inject_script']);
});

test('the tag is put in the page, and calls wait in its queue', () => {
  const address = 'https://feedback.example/v1/pk_demo.js';
  const quiet = run({ collector: 'https://feedback.example//', site: 'pk_demo', consent: '', event: '' });
  assert.deepEqual(quiet.done, [[address, address], 'success']);
  assert.deepEqual(quiet.window.parere, { q: [] });
  const told = run(
    { collector: 'https://feedback.example', site: 'pk_demo', consent: 'denied', event: 'return_finished' },
    { parere: { q: [['show', 'nps']] } },
  );
  assert.deepEqual(told.window.parere.q, [['show', 'nps'], ['consent', 'denied'], ['track', 'return_finished']]);
});
