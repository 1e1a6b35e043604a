// The tag: `<script async src="https://feedback.example/v1/pk_demo.js"></script>`.
//
// It rules surveys out and finds the place of the one that is left; it never decides to ask: the widget does.
// Nothing to ask and nothing unsent: no further request, nothing stored, no listener left.
//
// At build the script is minified; the collector puts the site in place of the string at the end. Lists, not
// objects, because every page view carries them:
//   [site key, hash of the widget's files, config hash, [rule on languages, …], remembers, [survey, …]]
//   remembers: 1 if visits are counted, and 2 more if nothing is remembered before the page has said that it may
//   survey: [slug, from ms|0, until ms|0, pattern of addresses, sample per mille,
//            answered days, dismissed days, other days, longest question, longest end label (both in em), points, manner,
//            1 where only the widget can tell whether to ask; otherwise absent]
//   manner: 0 in the page at once, 1 in the page when something has happened, 2 over the page, 3 behind a tab
// The rules are those of shared/src/gate.rs and shared/src/memory.rs.
(([site, build, hash, languages, remembers, surveys], script, doc, now) => {
  const api = (window.parere ||= {});
  if (!script || api[site]) return;
  api[site] = 1;

  const base = script.src.split(`/v1/${site}.`)[0];
  const key = "parere." + site;
  const say = (word) => page.debug != null && console.info("parere", word);
  // Refused, absent or throwing: then nothing is remembered.
  const storage = (use) => {
    try {
      return page.allowed && use(localStorage);
    } catch {}
  };
  // What the widget is told.
  const page = { ...script.dataset, site, base, say, storage };
  page.allowed = page.consent ? page.consent == "granted" : !(remembers > 1 || navigator.globalPrivacyControl);

  // ——— May it be asked? ———

  const line = (storage((kept) => kept[key]) || "").split("|");
  // "0" is never: that was in 1970.
  const recent = (seconds, days) => now < seconds * 1e3 + days * 864e5;

  // The bucket of this browser for a survey, 0 to 999: shared/src/gate/sample.rs.
  const bucket = (slug) => {
    if (!line[0]) {
      // Made only now that it is needed, for this draw alone; it is never sent.
      line[0] = "" + Math.random();
      storage((kept) => kept[key] = line.join("|"));
    }
    let mixed = 0x811c9dc5;
    for (const letter of line[0] + slug) mixed = Math.imul(mixed ^ letter.charCodeAt(), 0x1000193);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % 1e3;
  };
  const passes = ([slug, from, until, urls, sample, answeredDays, dismissedDays, otherDays]) =>
    slug == (page.survey || slug) && now >= from && (!until || now < until) &&
      RegExp(urls).test(location.pathname + location.search + location.hash) &&
      // The visitor's field among them is of no survey.
      !line.some((field) => {
        const [other, shown, answered, dismissed] = field.split(" ");
        return field == "never" || (other == slug ? recent(answered, answeredDays) || recent(dismissed, dismissedDays) : recent(shown, otherDays));
      }) && (sample > 999 || bucket(slug) < sample);

  // ——— Where? ———

  // The first slot that one of the surveys fits; with no slot on the page, right after the tag.
  const place = doc.createElement("parere-survey");
  const find = (surveys) => {
    const slots = doc.querySelectorAll(page.target || "parere-survey:not([place])");
    for (const slot of slots) {
      const wanted = slot.getAttribute("survey");
      const survey = surveys.find(([slug]) => slug == (wanted || slug));
      if (survey && !slot.shadowRoot) {
        if (slot.localName == place.localName) return [slot, survey];
        slot.append(place);
        return [place, survey];
      }
    }
    if (surveys[0] && !slots[0] && !page.target && doc.readyState != "loading" && doc.body.contains(script)) {
      script.after(place);
      return [place, surveys[0]];
    }
  };

  // Calls `then` when changing the slot's height moves nothing that the shopper is looking at:
  // before the first paint, below the fold, or just after a tap (or the key that stands for one).
  const calmly = (slot, then) => {
    // Chromium's timeline stands at 0 until the first frame, and its paint entries come too late to tell;
    // the timelines of others, which measure no shifts, run from the start, and their paint entries come at once.
    const isUnseen = () => !(window.LayoutShift ? doc.timeline.currentTime : performance.getEntriesByType("paint")[0]) ||
      slot.getBoundingClientRect().top >= innerHeight;
    const go = (event) => {
      if (!event.type && !isUnseen()) return;
      watch.disconnect();
      removeEventListener("click", go, true);
      then();
    };
    const watch = new IntersectionObserver(go);
    if (isUnseen()) then();
    else {
      watch.observe(slot);
      addEventListener("click", go, true);
    }
  };

  // The height of the card as prompt.css draws it: padding, question, points, ends, button.
  const need = (slot, survey) => {
    const around = slot.parentElement;
    const size = Math.min(40, Math.max(14, parseFloat(getComputedStyle(around).fontSize)));
    const width = slot.offsetWidth || around.clientWidth;
    const columns = width / size - 2.5;
    const cell = (matchMedia("(pointer:coarse)").matches ? 2.75 : 2.25) * Math.max(16, size);
    return Math.ceil(8 + cell * (survey[10] > 7 && width < Math.max(420, 20 * size) ? 3 : 2) +
      size * (4.25 + 1.44 * Math.ceil(survey[8] / columns) + 1.14 * Math.ceil(survey[9] / columns)));
  };

  // ——— The heavy part ———

  const get = (address) => fetch(`${base}/assets/${address}`);
  // The first rule that fits: a language, or a language and how the tags begin that it is nearest to.
  const near = (wanted) => languages.find((rule) => RegExp(`^(${rule.split(" ").pop()})(-|$)`, "i").test(wanted));
  page.configure = async (slug) => {
    const [language] = ([page.lang, doc.documentElement.lang, ...navigator.languages].map(near).find((rule) => rule) || languages.at(-1)).split(" ");
    const reply = await get(`${site}.${slug}.${language}-${hash}.bin`);
    return new Uint8Array(reply.ok && await reply.arrayBuffer());
  };
  const remove = (slot) => slot && calmly(slot, () => slot.remove());
  const fail = page.fail = (error) => {
    say(page.error = error);
    doc.dispatchEvent(new CustomEvent("parere:error", { detail: error }));
  };

  // The two halves of the widget, each loaded once; the first takes over `page`.
  const halves = {};
  const half = page.half = (name) => halves[name] ||= (async () => {
    let module;
    // A policy without 'wasm-unsafe-eval' says so here, in WebKit of the instance only: then a frame stands in for both
    // (www/frame.js).
    try {
      new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
      module = WebAssembly.compileStreaming(get(`parere-${name}-${build}.wasm`));
    } catch {
      name = "frame";
    }
    // The fragment gives each site a module of its own.
    const [glue, wasm] = await Promise.all([import(`${base}/assets/parere-${name}-${build}.js#${site}`), module]);
    await glue.default(wasm);
    glue.begin(page);
    return glue;
  })();
  // What the page calls waits here until there is somebody to hear it.
  const asking = new Promise((done) => page.ready = done);
  // Offers a survey; without a slot it finds its own place, over the page or when something has happened.
  const offer = async ([slug], slot, height, forced) => {
    try {
      const [config, glue] = await Promise.all([page.configure(slug), half("ask")]);
      if (!glue.offer(slug, config, slot, height, forced)) remove(slot);
    } catch (error) {
      fail(error);
      remove(slot);
    }
  };
  const loaded = (then) => doc.readyState == "complete" ? then() : addEventListener("load", then, { once: true });

  // Reserves the slot's height, waits until it is about to be seen, and offers.
  const ask = ([slot, survey], forced) => {
    const reserve = () => {
      slot.style.display = "grid";
      const height = Math.max(slot.offsetHeight, need(slot, survey));
      slot.style.minHeight = height + "px";
      let begun;
      const begin = () => begun = begun || offer(survey, slot, height, forced);
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
      loaded(() => begun || observe("400px"));
    };
    if (forced || slot.offsetHeight >= need(slot, survey)) reserve();
    else calmly(slot, reserve);
  };
  Object.assign(page, { surveys, find, calmly, ask, offer, line });

  // ——— Now ———

  // What a page called before stands in `api.q` and is done by the widget (browser/ask/api.js).
  const wake = (call) => {
    if (/show|ex|#parere-debug/.test(call)) half("ask").catch(fail);
    return asking;
  };
  wake(api.q + location.hash);
  // A merchant wonders (browser/overlay.js): the only listener that stays on a page without a prompt.
  addEventListener("hashchange", () => wake(location.hash));
  for (const name of "show dismiss identify track consent on explain".split(" "))
    api[name] = (...given) => wake(name).then((api) => api[name](...given));

  const begin = () => {
    try {
      const left = surveys.filter(passes);
      const found = find(left.filter((survey) => !survey[11]));
      say(left[0] || "no survey");
      if (found) ask(found);
      else if (left[0] && doc.readyState == "loading") return addEventListener("DOMContentLoaded", begin, { once: true });
      loaded(() => left.map((survey) => survey[11] && offer(survey)));
    } catch (error) {
      fail(error);
    }
  };
  const meet = () => {
    // Visits are counted only where a survey asks about them.
    if (remembers & 1) storage((kept) => {
      page.since = kept[key + ".since"] ||= now;
      page.views = sessionStorage[key] = ~~sessionStorage[key] + 1;
    });
    begin();
    // What earlier pages could not send goes when this one is there.
    if (storage((kept) => Object.keys(kept).join().includes(key + ".out."))) loaded(() => half("answer").catch(fail));
  };
  // A page that is rendered beforehand is met when somebody comes to it.
  if (doc.prerendering) doc.addEventListener("prerenderingchange", meet);
  else meet();
})("__PARERE_TAG__", document.currentScript, document, Date.now());
