// A score that is chosen before the other half of the widget is there: kept in the outbox as that half would keep it
// (widget/src/outbox.rs), so that leaving the page or losing the network costs nothing.

/** The object that names and values by turns stand for; nothing for none. */
const said_of = (list) => {
  const object = {};
  const words = list.split("\0");
  for (let at = 0; at + 1 < words.length; at += 2) object[words[at]] = words[at + 1];
  return list ? object : undefined;
};

/** `said` with its `score` as it is sent; kept, where that can be. */
const keepEarly = (said, score) => {
  const now = Date.now();
  Object.assign(said, { score: +score, occurred_at: new Date(now).toISOString() });
  const body = plain(said);
  const isKept = page.storage((kept) => {
    kept.setItem(`parere.${page.site}.out.${said.id}.1`, `0 ${now} ${now} ${body}`);
    return true;
  });
  return [body, isKept];
};

/** The other half takes over, with what was pressed before it was there. */
const attend = async (card, about, config, said) => {
  const early = new AbortController();
  let pressed;
  let body;
  let isKept;
  card.addEventListener("click", ({ target }) => pressed = target, { signal: early.signal });
  card.addEventListener("keydown", ({ key }) => key == "Escape" && (pressed = card.querySelector("[part~=dismiss]")), { signal: early.signal });
  card.addEventListener("change", ({ target }) => [body, isKept] = keepEarly(said, target.value), { signal: early.signal });
  addEventListener("pagehide", () => body && navigator.sendBeacon(`${page.base}/v1/responses`, body), { signal: early.signal });
  try {
    answering = await page.half("answer");
    early.abort();
    if (!host || !answering.take(about, card, config)) return gone();
    sight = new IntersectionObserver((entries) => entries.pop().isIntersecting && answering.seen(), { threshold: 0.5 });
    sight.observe(host);
    // Who pressed something has seen it.
    if (pressed) answering.seen();
    if (dismissed) answering.dismiss();
    else if (isKept) answering.resume(said.id, said.score);
    else if (said.occurred_at) answering.chosen(said.score);
    else if (pressed) pressed.click();
  } catch (error) {
    early.abort();
    page.fail(error);
    withdraw();
  }
};
