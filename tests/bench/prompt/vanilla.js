// What the tag is measured against: one question, written by hand for one shop, with nothing of what a guest must do.
//
//   <script async src="https://vendor.example/vanilla.js"></script>
//
// It fetches its texts, draws at once, posts a score and keeps it until it has arrived.
(() => {
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  const store = {
    get: k => { try { return localStorage.getItem('nps.' + k); } catch { return null; } },
    set: (k, v) => { try { v === null ? localStorage.removeItem('nps.' + k) : localStorage.setItem('nps.' + k, v); } catch {} },
  };

  // Post at once; a failed post stays in localStorage and is sent on the next page view or when the network is back.
  // A text/plain body keeps it a simple request: no CORS preflight, and keepalive lets it outlive the page.
  const post = body =>
    fetch(base + '/api/nps/answer', { method: 'POST', body, keepalive: true })
      .then(r => r.ok || r.status < 500, () => false)
      .then(ok => { if (ok && store.get('unsent') === body) store.set('unsent', null); return ok; });
  const flush = () => { const body = store.get('unsent'); if (body) post(body); };
  addEventListener('online', flush);
  flush();

  const css = `:host{all:initial}*{box-sizing:border-box}
.card{position:fixed;z-index:2147483000;right:16px;bottom:16px;width:min(460px,calc(100vw - 32px));padding:18px 20px 16px;background:#fff;color:#1b1b1f;border:1px solid #d5d5dc;border-radius:12px;box-shadow:0 6px 28px #0003;font:15px/1.4 system-ui,sans-serif}
h2{font-size:16px;font-weight:600;margin:0 32px 14px 0}
.scale{display:grid;grid-template-columns:repeat(11,1fr);gap:4px}
button{font:inherit;color:inherit;background:#f2f3f7;border:1px solid #767a87;border-radius:6px;min-height:40px;padding:0;cursor:pointer}
button:hover{background:#e2e6f3}button:focus-visible{outline:3px solid #1d4ed8;outline-offset:2px}
.x{position:absolute;top:10px;right:10px;width:32px;min-height:32px;border:0;background:none;font-size:20px}
.ends{display:flex;justify-content:space-between;font-size:13px;color:#4a4d57;margin-top:8px}
@media(max-width:480px){.scale{grid-template-columns:repeat(6,1fr)}button{min-height:44px}}
@media(prefers-reduced-motion:no-preference){.card{animation:in .2s ease-out}@keyframes in{from{opacity:0;transform:translateY(12px)}}}`;

  const el = (tag, props, ...kids) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...kids);
    return node;
  };

  const show = cfg => {
    const host = el('div');
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];

    const card = el('section', { className: 'card', lang: cfg.lang || 'en' });
    const close = () => { host.remove(); store.set('seen', Date.now()); };
    const question = el('h2', { id: 'q', textContent: cfg.question });
    const status = el('div', { role: 'status' });
    const scale = el('div', { className: 'scale', role: 'group' });
    scale.setAttribute('aria-labelledby', 'q');
    card.setAttribute('aria-labelledby', 'q');
    for (let n = 0; n <= 10; n++) {
      const b = el('button', { type: 'button', textContent: n, onclick: () => answer(n) });
      b.setAttribute('aria-label', n + ' – ' + (n === 0 ? cfg.low : n === 10 ? cfg.high : 'of 10'));
      scale.append(b);
    }
    const ends = el('div', { className: 'ends', ariaHidden: 'true' }, el('span', { textContent: cfg.low }), el('span', { textContent: cfg.high }));
    const x = el('button', { type: 'button', className: 'x', textContent: '×', ariaLabel: cfg.close, onclick: close });

    const answer = score => {
      const body = JSON.stringify({ score, url: location.href, id: Date.now().toString(36) + Math.random().toString(36).slice(2, 8) });
      store.set('unsent', body);
      post(body);
      scale.remove();
      ends.remove();
      question.textContent = '';
      status.textContent = cfg.thanks;
      store.set('seen', Date.now());
      x.focus();
      setTimeout(close, 4000);
    };

    card.addEventListener('keydown', e => e.key === 'Escape' && close());
    card.append(question, scale, ends, status, x);
    root.append(card);
    document.body.append(host);
  };

  const start = cfg => { if (cfg && !store.get('seen')) document.body ? show(cfg) : addEventListener('DOMContentLoaded', () => show(cfg)); };
  fetch(base + '/config.json').then(r => r.ok && r.json()).then(start, () => {});
})();
