// A shop of another origin: pages with the tag as a merchant might paste it, well or badly.

import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * How a page embeds the tag.
 * @typedef {object} Embedding
 * @property {string} [site]
 * @property {string} [lang] of the page; empty for none
 * @property {string} [script] path of the tag's script
 * @property {Record<string, string>} [tag] attributes of the tag
 * @property {number} [tags] how many
 * @property {'body' | 'head' | 'none'} [place] of the tag
 * @property {'sized' | 'plain' | 'none'} [slot] the element for the prompt: with its height reserved, without, absent
 * @property {string} [survey] attribute of the slot
 * @property {boolean} [below] the slot stands below the fold
 * @property {boolean} [long] the page goes on for screens
 * @property {string[]} [carts] corners in which an "add to cart" button hovers: bottom_end, top_start …
 * @property {string} [before] a script that runs before the tag
 * @property {string} [style] rules of the page beside its own
 * @property {string} [policy] Content-Security-Policy of the page: 'open', 'strict', 'no-wasm' or one in full
 */

/**
 * A page of the merchant's own making.
 * @typedef {object} Written
 * @property {string} text
 * @property {Record<string, string>} [headers]
 * @property {() => Promise<unknown>} [first] what is done before it is sent
 */

const STYLE = `
  body { font: 18px/1.5 Georgia, serif; color: #2a211b; background: #fffdf8; margin: 2rem auto; max-width: 40rem; padding: 0 1rem; }
  .tall { min-height: 150vh; }
  .cart { position: fixed; width: 12rem; height: 4rem; }
  .cart.bottom { bottom: 1rem; } .cart.top { top: 1rem; } .cart.end { right: 1rem; } .cart.start { left: 1rem; }
  parere-survey[data-sized] { display: grid; min-height: 20rem; }
  @media (prefers-color-scheme: dark) { body { color: #f2ece4; background: #16120f; } }
`;

let pages = 0;

export class Shop {
  /**
   * @param {import('node:http').Server} server
   * @param {string} url
   * @param {Map<string, Written>} written pages by their path
   */
  constructor(server, url, written) {
    this.server = server;
    this.url = url;
    this.written = written;
  }

  /** @param {{url: string}} collector */
  static async open(collector) {
    /** @type {Map<string, Written>} */
    const written = new Map();
    const server = createServer(async (request, reply) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
      const page = written.get(pathname);
      if (page) {
        await page.first?.();
        reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.text);
      } else if (pathname === '/shop.css') {
        reply.writeHead(200, { 'content-type': 'text/css' }).end(STYLE);
      } else if (pathname.startsWith('/products/')) {
        const embedding = JSON.parse(searchParams.get('as') ?? '{}');
        reply.writeHead(200, headers(embedding, collector.url)).end(html(embedding, collector.url));
      } else {
        // The icon that browsers ask for unasked.
        reply.writeHead(204).end();
      }
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return new Shop(server, `http://localhost:${port}`, written);
  }

  /**
   * A page nobody has seen before: its path tells its answers from all others.
   * @param {Embedding} [embedding]
   */
  page(embedding = {}) {
    pages += 1;
    const path = `/products/${process.pid}-${pages}`;
    return { path, url: `${this.url}${path}?as=${encodeURIComponent(JSON.stringify(embedding))}` };
  }

  /**
   * A page word by word, at an address that nobody has seen before.
   * @param {Written} page
   */
  write(page) {
    pages += 1;
    const path = `/products/${process.pid}-${pages}`;
    this.written.set(path, page);
    return { path, url: this.url + path };
  }

  async close() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/**
 * @param {Embedding} embedding
 * @param {string} collector
 */
function headers({ policy = 'open' }, collector) {
  const wasm = policy === 'strict' ? " 'wasm-unsafe-eval'" : '';
  const strict =
    `default-src 'none'; style-src 'self'; script-src ${collector}${wasm}; connect-src ${collector}; ` +
    "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'";
  const own = policy.includes(' ') ? policy : strict;
  return {
    'content-type': 'text/html; charset=utf-8',
    ...(policy === 'open' ? {} : { 'content-security-policy': own }),
  };
}

/**
 * @param {Embedding} embedding
 * @param {string} collector
 */
function html(embedding, collector) {
  const { site = 'pk_demo', script = `/v1/${site}.js`, lang = 'en', tag = {}, tags = 1, place = 'body', slot = 'sized', survey = 'nps', style } = embedding;
  const attributes = Object.entries(tag).map(([name, value]) => ` ${name}="${value}"`).join('');
  const scripts = `<script async src="${collector}${script}"${attributes}></script>`.repeat(tags);
  const wanted = survey ? ` survey="${survey}"` : '';
  const element = slot === 'none' ? '' : `<parere-survey${wanted}${slot === 'sized' ? ' data-sized' : ''}></parere-survey>`;
  return `<!doctype html>
<html${lang ? ` lang="${lang}"` : ''}>
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Conero – Bottega Fiorini</title>
  <link rel="stylesheet" href="/shop.css">
  ${style ? `<style>${style}</style>` : ''}
  ${place === 'head' ? scripts : ''}
</head>
<body>
  <main>
    <h1>Conero</h1>
    <p${embedding.below ? ' class="tall"' : ''}>Suede, crepe, three pairs of eyelets.</p>
    ${element}
    ${embedding.before ? `<script>${embedding.before}</script>` : ''}
    ${place === 'body' ? scripts : ''}
    ${(embedding.carts ?? []).map((corner) => `<button type="button" class="cart ${corner.replace('_', ' ')}">Add to cart</button>`).join('')}
    ${embedding.long ? '<p class="tall">Made by hand.</p>' : ''}
    <p><button type="button">Add to cart</button></p>
    <p>Delivery in three to five days.</p>
    <p id="care">Brush when dry.</p>
  </main>
</body>
</html>`;
}
