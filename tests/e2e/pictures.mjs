// The pictures of the dashboard in README.md: made anew by `node pictures.mjs`, with made-up answers of one seed.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { BINARY, Stage } from './stage.mjs';

/** How much of a page is shown, in CSS pixels. */
const DESKTOP = { width: 1180, height: 1060 };
const PHONE = { width: 390, height: 920 };

/** Between two pictures beside each other, in CSS pixels. */
const GAP = 24;

const WWW = new URL('../../www/', import.meta.url);

const stage = await Stage.open();
await promisify(execFile)(BINARY, ['demo', '--responses', '20000', '--seed', '7'], { cwd: stage.collector.folder });

/**
 * Pictures of pages as somebody sees them who is signed in.
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {string[]} paths below /dashboard
 * @returns {Promise<Buffer[]>}
 */
async function shots(options, paths) {
  const visit = await stage.visit(options);
  await stage.enter(visit.page);
  const taken = [];
  for (const path of paths) {
    await visit.page.goto(`${stage.collector.url}/dashboard${path}`);
    taken.push(await visit.page.screenshot());
  }
  await visit.end();
  return taken;
}

/**
 * Puts pictures beside each other into one file of `www/`.
 * @param {string} name
 * @param {Buffer[]} taken
 */
async function keep(name, taken) {
  const visit = await stage.visit();
  const urls = taken.map((picture) => `data:image/png;base64,${picture.toString('base64')}`);
  const written = await visit.page.evaluate(async ({ urls, gap }) => {
    const pictures = await Promise.all(urls.map(async (url) => createImageBitmap(await (await fetch(url)).blob())));
    const canvas = document.createElement('canvas');
    canvas.width = pictures.reduce((sum, picture) => sum + picture.width + gap, -gap);
    canvas.height = Math.max(...pictures.map((picture) => picture.height));
    let x = 0;
    for (const picture of pictures) {
      canvas.getContext('2d')?.drawImage(picture, x, 0);
      x += picture.width + gap;
    }
    return canvas.toDataURL('image/webp', 0.9);
  }, { urls, gap: GAP });
  await writeFile(new URL(name, WWW), Buffer.from(written.split(',')[1], 'base64'));
  await visit.end();
}

await keep('dashboard.webp', await shots({ viewport: DESKTOP, colorScheme: 'light' }, ['/pk_demo/surveys/nps?period=90d']));
await keep('dashboard-phones.webp', await shots({ viewport: PHONE, colorScheme: 'dark' }, ['?period=90d', '/pk_demo/journey?period=90d']));
await stage.close();
