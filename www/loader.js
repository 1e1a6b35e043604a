// The tag: `<script async src="https://feedback.example/v1/pk_demo.js"></script>`.
//
// It rules surveys out and finds the place of the one that is left; it never decides to ask: the widget does.
// Nothing to ask and nothing unsent: no further request, nothing stored, no listener left.
//
// At build the script is minified; the collector puts the site in place of the string at the end. Lists, not
// objects, because every page view carries them:
//   [site key, the widget's files ("parere-1a2b3c4d"), config hash, [language, …], [survey, …]]
//   survey: [slug, from ms|0, until ms|0, [[op, value, not 0|1], …], sample per mille,
//            answered days, dismissed days, other days, longest question, longest end label, points]
//   op: 0 contains, 1 equals, 2 prefix, 3 glob
// The rules are those of shared/src/gate.rs and shared/src/memory.rs.
(([site, build, hash, languages, surveys], script, doc, now) => {
  const api = (window.parere = window.parere || {});
  if (!script || api[site]) return;
  api[site] = 1;

  const { survey: only, target, lang, ref, subject, debug } = script.dataset;
  const base = script.src.split(`/v1/${site}.`)[0];
  const key = "parere." + site;
  const say = (word) => debug != null && console.info("parere", word);
  // Storage may be absent or throw: then nothing is remembered.
  const storage = (use) => {
    try {
      return use(localStorage);
    } catch {}
  };

  // ——— May it be asked? ———

  const line = (storage((kept) => kept.getItem(key)) || "").split("|");
  // "0" is never: that was in 1970.
  const recent = (seconds, days) => now < seconds * 1e3 + days * 864e5;

  const path = location.pathname;
  const url = path + location.search + location.hash;
  const trim = (text) => text.replace(/\/+$/, "");
  const fits = ([op, value]) =>
    op < 1 ? url.includes(value) :
    op < 2 ? trim(path) == trim(value) :
    op < 3 ? path.startsWith(value) :
    RegExp(`^${value.replace(/[^\w*]/g, "\\$&").replace(/\*+/g, ".*")}$`).test(path);

  const bucket = (text) => {
    let mixed = 0x811c9dc5;
    for (const letter of text) mixed = Math.imul(mixed ^ letter.charCodeAt(), 0x1000193);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % 1e3;
  };
  const isSampled = (slug, sample) => {
    if (sample > 999) return true;
    if (!line[0]) {
      // Made only now that it is needed, for this draw alone; it is never sent.
      line[0] = Math.random().toString(36).slice(2);
      storage((kept) => kept.setItem(key, line.join("|")));
    }
    return bucket(line[0] + slug) < sample;
  };
  const passes = ([slug, from, until, urls, sample, answeredDays, dismissedDays, otherDays]) => {
    const wanted = urls.filter((rule) => !rule[2]);
    return (!only || slug == only) && now >= from && (!until || now < until) &&
      (!wanted[0] || wanted.some(fits)) && !urls.some((rule) => rule[2] && fits(rule)) &&
      !line.slice(1).some((field) => {
        const [other, shown, answered, dismissed] = field.split(" ");
        return other == slug ? recent(answered, answeredDays) || recent(dismissed, dismissedDays) : recent(shown, otherDays);
      }) && isSampled(slug, sample);
  };

  // ——— Where? ———

  // The first slot that one of the surveys fits; with no slot on the page, right after the tag.
  const place = doc.createElement("parere-survey");
  const find = (surveys) => {
    const slots = doc.querySelectorAll(target || "parere-survey");
    for (const slot of slots) {
      const wanted = slot.getAttribute("survey");
      const survey = surveys.find(([slug]) => !wanted || wanted == slug);
      if (!survey || slot.shadowRoot) continue;
      if (slot.localName == "parere-survey") return [slot, survey];
      slot.append(place);
      return [place, survey];
    }
    if (surveys[0] && !slots[0] && !target && doc.readyState != "loading" && doc.body.contains(script)) {
      script.after(place);
      return [place, surveys[0]];
    }
  };

  // Calls `then` when changing the slot's height moves nothing that the shopper is looking at:
  // before the first paint, below the fold, or just after a tap (or the key that stands for one).
  const calmly = (slot, then) => {
    const isBelow = () => slot.getBoundingClientRect().top >= innerHeight;
    const go = (event) => {
      if (!event.type && !isBelow()) return;
      watch.disconnect();
      removeEventListener("click", go, true);
      then();
    };
    const watch = new IntersectionObserver(go);
    // The document's timeline stands at 0 until the first frame; paint entries come too late to tell.
    if (!doc.timeline.currentTime || isBelow()) return then();
    watch.observe(slot);
    addEventListener("click", go, true);
  };

  // The height of the card as prompt.css draws it: padding, question, points, ends, button.
  const need = (slot, survey) => {
    const around = slot.parentElement;
    const size = Math.min(40, Math.max(14, parseFloat(getComputedStyle(around).fontSize)));
    const columns = (slot.offsetWidth || around.clientWidth) / size - 2.5;
    const isWide = columns >= Math.max(420 / size, 20) - 2.5;
    const cell = (matchMedia("(pointer:coarse)").matches ? 2.75 : 2.25) * Math.max(16, size);
    return Math.ceil(8 + cell * (survey[10] > 7 && !isWide ? 3 : 2) +
      size * (4.25 + 1.44 * Math.ceil(survey[8] / 2 / columns) + 1.14 * Math.ceil(survey[9] * 0.8 / columns)));
  };

  // ——— The heavy part ———

  let heavy, open, dismissed;
  const asset = `${base}/assets/${build}.`;
  const get = (address) => fetch(address, { credentials: "omit" });
  const load = async () => {
    // The fragment gives each site a module of its own.
    const [glue, module] = await Promise.all([import(`${asset}js#${site}`), WebAssembly.compileStreaming(get(asset + "wasm"))]);
    await glue.default(module);
    return glue;
  };
  const stem = (language) => language.split("-")[0].toLowerCase();
  const near = (wanted) => wanted && (languages.find((own) => own == wanted) || languages.find((own) => stem(own) == stem(wanted)));
  const configure = async (slug) => {
    const language = [lang, doc.documentElement.lang, ...navigator.languages, languages[0]].map(near).find(Boolean);
    const reply = await get(`${base}/assets/${site}.${slug}.${language}-${hash}.bin`);
    return new Uint8Array(reply.ok && await reply.arrayBuffer());
  };

  const remove = (slot) => slot && calmly(slot, () => slot.remove());
  const fail = (error) => {
    say(error);
    doc.dispatchEvent(new CustomEvent("parere:error", { detail: error }));
  };
  // Without a slot only what is unsent is sent.
  const start = async (host, slug, height, forced) => {
    try {
      const [glue, config] = await Promise.all([heavy = heavy || load(), slug && configure(slug)]);
      glue.contain((error) => {
        fail(error);
        open && open.remove();
      }, say);
      const facts = [site, base, line[0], forced, height, screen.width, location.pathname, url, ref, subject];
      if (!dismissed && glue.start(facts.join("\0"), host, config || [])) open = host;
      else remove(host);
    } catch (error) {
      fail(error);
      remove(host);
    }
  };
  const loaded = (then) => doc.readyState == "complete" ? then() : addEventListener("load", then, { once: true });

  // Reserves the slot's height, waits until it is about to be seen, and starts.
  const ask = ([slot, survey], forced) => {
    const reserve = () => {
      slot.style.setProperty("display", "grid");
      const height = Math.max(slot.offsetHeight, need(slot, survey));
      slot.style.setProperty("min-height", height + "px");
      let begun;
      const begin = () => begun = begun || start(slot, survey[0], height, forced);
      const observe = (rootMargin) => {
        const watch = new IntersectionObserver((entries) => {
          if (!entries.pop().isIntersecting) return;
          watch.disconnect();
          begin();
        }, { rootMargin });
        watch.observe(slot);
      };
      if (forced) return begin();
      // Before the page has loaded, only for a slot that is in view.
      observe("0px");
      loaded(() => observe("400px"));
    };
    if (forced || slot.offsetHeight >= need(slot, survey)) reserve();
    else calmly(slot, reserve);
  };

  // ——— Now ———

  const { show, dismiss } = api;
  api.show = (slug) => {
    const found = find(surveys.filter((survey) => survey[0] == slug));
    dismissed = 0;
    if (found) ask(found, true);
    else if (show) show(slug);
  };
  api.dismiss = () => {
    dismissed = 1;
    if (open) heavy.then((glue) => glue.dismiss());
    if (dismiss) dismiss();
  };
  api.on = (name, tell) => doc.addEventListener("parere:" + name, (event) => tell(event.detail));

  const begin = () => {
    try {
      const left = surveys.filter(passes);
      // A policy without 'wasm-unsafe-eval' says so here, before anything is moved or downloaded.
      if (left[0]) new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
      const found = find(left);
      say(found ? found[1][0] : "no survey");
      if (found) ask(found);
      else if (left[0] && doc.readyState == "loading") addEventListener("DOMContentLoaded", begin, { once: true });
    } catch (error) {
      fail(error);
    }
  };
  begin();

  // What earlier pages could not send goes when this one has nothing better to do.
  if (storage((kept) => Object.keys(kept).join().includes(key + ".out."))) loaded(() => setTimeout(() => start(), 1e3));
})("__PARERE_TAG__", document.currentScript, document, Date.now());
