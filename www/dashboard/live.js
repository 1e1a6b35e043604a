// Keeps the figures of a page true while somebody looks at it: hears that something changed, reads the page again and
// puts what is new in its place. Without this script the page is what it was when it was opened.

(() => {
  const { live } = document.currentScript.dataset;
  let source;
  let isReading = false;
  let isOld = false;

  const read = async () => {
    const reply = await fetch(location.href);
    if (!reply.ok || reply.redirected) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(part.id);
      // Nothing moves under a finger or a focus.
      if (!next || part.contains(document.activeElement)) continue;
      const open = [...part.querySelectorAll("details")].map((details) => details.open);
      next.querySelectorAll("details").forEach((details, at) => details.open = open[at]);
      if (!next.isEqualNode(part)) part.replaceWith(document.importNode(next, true));
    }
  };

  // One reading at a time: whatever happens meanwhile is one more, afterwards.
  const renew = async () => {
    isOld = true;
    if (isReading) return;
    isReading = true;
    try {
      while (isOld) {
        isOld = false;
        await read();
      }
    } finally {
      isReading = false;
    }
  };

  // A hidden page needs no news, and browsers keep few connections to one server.
  const listen = () => {
    if (source) source.close();
    source = undefined;
    if (document.hidden) return;
    source = new EventSource(live);
    source.addEventListener("changed", () => renew().catch(() => {}));
  };
  document.addEventListener("visibilitychange", () => {
    listen();
    if (!document.hidden) renew().catch(() => {});
  });
  listen();
})();
