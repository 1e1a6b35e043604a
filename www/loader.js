// The tag: `<script async src="https://feedback.example/v1/pk_demo.js"></script>`.
//
// It rules surveys out and finds the place of the one that is left; it never decides to ask: the widget does.
// Nothing to ask and nothing unsent: no further request, nothing stored, no listener left.
//
// At build the script is minified; the collector puts the site in place of the string at the end:
//   {site, glue, wasm, config: hash of the configurations, languages: ["en", …], surveys: [
//     {slug, from: ms|0, until: ms|0, urls: [[op, value, not: 0|1]], sample: per mille,
//      again: [answered, dismissed, other: days], chars: longest question, ends: longest end label, points}]}
// The rules are those of shared/src/gate.rs and shared/src/memory.rs.
((tag, script, doc, now) => {
  const { site, languages } = tag;
  const api = (window.parere = window.parere || {});
  script = script || doc.querySelector(`script[src*="/v1/${site}."]`);
  if (!script || api[site]) return;
  api[site] = 1;

  const { survey: only, target, lang, ref, subject, debug } = script.dataset;
  const base = script.src.split(`/v1/${site}.`)[0];
  const key = `parere.${site}`;
  const say = (...words) => debug != null && console.info("parere:", ...words);
  // Storage may be absent or throw: then nothing is remembered.
  const storage = (use) => {
    try {
      return use(localStorage);
    } catch {}
  };

  // ——— May it be asked? ———

  const line = (storage((kept) => kept.getItem(key)) || "").split("|");
  let visitor = line[0];
  const seen = line.slice(1).map((field) => field.split(" "));
  const recent = (seconds, days) => seconds > 0 && now < seconds * 1e3 + days * 864e5;

  const path = location.pathname;
  const url = path + location.search + location.hash;
  const trim = (text) => text.replace(/\/+$/, "");
  const glob = ([head, ...rest]) => {
    const tail = rest.pop();
    if (tail == null) return path == head;
    let at = head.length;
    const inOrder = (part) => {
      const found = path.indexOf(part, at);
      at = found + part.length;
      return found >= 0;
    };
    return path.startsWith(head) && rest.every(inOrder) && path.slice(at).endsWith(tail);
  };
  const fits = ([op, value]) =>
    op == "contains" ? url.includes(value) :
    op == "equals" ? trim(path) == trim(value) :
    op == "prefix" ? path.startsWith(value) :
    glob(value.split("*"));

  const bucket = (text) => {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x1000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) % 1e3;
  };
  const sampled = ({ slug, sample }) => {
    if (sample > 999) return true;
    if (!visitor) {
      // Made only now that it is needed. It is never sent.
      const words = new Uint32Array(2).map(() => Math.random() * 2 ** 32);
      try {
        crypto.getRandomValues(words);
      } catch {}
      line[0] = visitor = words[0].toString(36) + words[1].toString(36);
      storage((kept) => kept.setItem(key, line.join("|")));
    }
    return bucket(visitor + slug) < sample;
  };
  const passes = (survey) => {
    const { slug, from, until, urls, again } = survey;
    const plain = urls.filter((rule) => !rule[2]);
    return (!only || slug == only) && now >= from && (!until || now < until) &&
      (!plain.length || plain.some(fits)) && !urls.some((rule) => rule[2] && fits(rule)) &&
      !seen.some(([other, shown, answered, dismissed]) =>
        other == slug ? recent(answered, again[0]) || recent(dismissed, again[1]) : recent(shown, again[2])) &&
      sampled(survey);
  };

  // ——— Where? ———

  // The first slot that one of the surveys fits; with no slot on the page, right after the tag.
  const place = doc.createElement("parere-survey");
  const find = (surveys) => {
    const slots = doc.querySelectorAll(target || "parere-survey");
    for (const slot of slots) {
      const wanted = slot.getAttribute("survey");
      const survey = surveys.find(({ slug }) => !wanted || wanted == slug);
      if (!survey || slot.shadowRoot) continue;
      if (slot.localName == "parere-survey") return [survey, slot];
      slot.append(place);
      return [survey, place];
    }
    if (!slots.length && !target && doc.readyState != "loading" && doc.body.contains(script)) {
      script.after(place);
      return [surveys[0], place];
    }
  };

  // Calls `then` when changing the slot's height moves nothing that the shopper is looking at:
  // before the first paint, below the fold, or just after a tap or key.
  const calmly = (slot, then) => {
    const top = slot.getBoundingClientRect().top;
    if (!performance.getEntriesByType("paint").length || top >= innerHeight) return then();
    const stop = () => {
      watch.disconnect();
      removeEventListener("click", go, true);
      removeEventListener("keydown", go, true);
    };
    const go = () => (stop(), then());
    const watch = new IntersectionObserver(([entry]) => entry.boundingClientRect.top >= innerHeight && go());
    watch.observe(slot);
    addEventListener("click", go, true);
    addEventListener("keydown", go, true);
  };

  // The height of the card as prompt.css draws it, a little generously.
  const need = (slot, { chars, ends = 24, points = 11 }) => {
    const around = slot.parentElement;
    const width = slot.offsetWidth || around.clientWidth;
    const size = Math.min(40, Math.max(14, parseFloat(getComputedStyle(around).fontSize)));
    const wide = width >= Math.max(420, 20 * size);
    const cell = matchMedia("(pointer:coarse)").matches ? Math.max(44, 2.75 * size) : Math.max(36, 2.25 * size);
    const inner = width - 2 - size * (wide ? 2.5 : 2);
    const lines = (count, space) => Math.ceil(count * size * 0.5 / space) || 1;
    return Math.ceil(2 + size * (wide ? 2.5 : 2) + lines(chars, inner) * 1.4344 * size + 0.75 * size +
      (points > 7 && !wide ? 2 * cell + 6 : cell) + 0.5 * size + lines(ends * 0.8, inner / 2) * 1.1375 * size + 0.5 * size + cell);
  };

  // ——— The heavy part ———

  let loaded;
  const load = () => loaded = loaded || (() => {
    const get = (name) => fetch(`${base}/assets/${name}`, { credentials: "omit" });
    // A policy without 'wasm-unsafe-eval' says so here, before anything is downloaded.
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    const near = (wanted) => languages.find((own) => own.toLowerCase() == wanted.toLowerCase()) ||
      languages.find((own) => own.split("-")[0].toLowerCase() == wanted.split("-")[0].toLowerCase());
    const language = [lang, doc.documentElement.lang, ...navigator.languages].filter(Boolean).map(near).find(Boolean) || languages[0];
    return Promise.all([
      // The fragment gives each site a module of its own.
      import(`${base}/assets/${tag.glue}#${site}`),
      WebAssembly.compileStreaming(get(tag.wasm)),
      get(`${site}.${language}-${tag.config}.bin`).then((reply) => {
        if (reply.ok) return reply.arrayBuffer();
        throw reply.status;
      }),
    ]).then(async ([glue, module, config]) => {
      await glue.default({ module_or_path: module });
      return [glue, new Uint8Array(config)];
    });
  })();

  let open, dismissed;
  const remove = (slot) => slot && calmly(slot, () => slot.remove());
  const fail = (error) => {
    say(error);
    doc.dispatchEvent(new CustomEvent("parere:error", { detail: String(error) }));
  };
  // Without a slot only what is unsent is sent.
  const start = async (slot, survey = {}, height, forced) => {
    try {
      const [glue, config] = await load();
      glue.contain((error) => {
        fail(error);
        open && open.remove();
      });
      const page = { base, host: slot, survey: survey.slug, height, forced, visitor, ref, subject, say };
      if (!dismissed && glue.start(config, page)) open = slot;
      else remove(slot);
    } catch (error) {
      fail(error);
      remove(slot);
    }
  };

  // Reserves the slot's height, waits until it is about to be seen, and starts.
  const ask = ([survey, slot], forced) => {
    const reserve = () => {
      slot.style.setProperty("display", "grid");
      const height = need(slot, survey);
      slot.style.setProperty("min-height", height + "px");
      if (forced) return start(slot, survey, height, forced);
      let watch;
      const observe = (rootMargin) => {
        watch = new IntersectionObserver((entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          watch.disconnect();
          removeEventListener("load", later);
          start(slot, survey, height);
        }, { rootMargin });
        watch.observe(slot);
      };
      const later = () => {
        watch && watch.disconnect();
        observe("400px");
      };
      // Before the page has loaded, only for a slot that is in view.
      if (doc.readyState == "complete") return later();
      addEventListener("load", later, { once: true });
      observe("0px");
    };
    if (forced || slot.offsetHeight >= need(slot, survey)) reserve();
    else calmly(slot, reserve);
  };

  // ——— Now ———

  api.show = ((earlier) => (slug) => {
    const survey = tag.surveys.find((own) => own.slug == slug);
    dismissed = 0;
    const found = survey && find([survey]);
    if (found) ask(found, 1);
    else if (earlier) earlier(slug);
  })(api.show);
  api.dismiss = ((earlier) => () => {
    dismissed = 1;
    if (open) loaded.then(([glue]) => glue.dismiss());
    if (earlier) earlier();
  })(api.dismiss);
  api.on = (name, tell) => doc.addEventListener("parere:" + name, (event) => tell(event.detail));

  const begin = () => {
    try {
      const surveys = tag.surveys.filter(passes);
      const found = surveys.length && find(surveys);
      say(surveys.map(({ slug }) => slug), found ? "asking " + found[0].slug : "nothing to ask here");
      if (found) ask(found);
      else if (surveys.length && doc.readyState == "loading") addEventListener("DOMContentLoaded", begin, { once: true });
    } catch (error) {
      fail(error);
    }
  };
  begin();

  // What earlier pages could not send goes when this one has nothing better to do.
  if (storage((kept) => Object.keys(kept).some((name) => name.startsWith(key + ".out.")))) {
    const mail = () => (window.requestIdleCallback || setTimeout)(() => start());
    if (doc.readyState == "complete") mail();
    else addEventListener("load", mail, { once: true });
  }
})("__PARERE_TAG__", document.currentScript, document, Date.now());
