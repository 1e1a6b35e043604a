// The question in Shopify's own components: the checkout lets nothing else be drawn.

import '@shopify/ui-extensions/preact';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { answer, meaning, next, points, reference, settings, uuid7 } from './answer.ts';
import type { Kept, Order, Settings } from './answer.ts';
import { Outbox } from './outbox.ts';
import type { Reply } from './outbox.ts';

export default function extension() {
  render(<Question />, document.body);
}

/** The order, by either of the two pages' names for it. */
function order(): Order | undefined {
  const id = 'orderConfirmation' in shopify ? shopify.orderConfirmation.value.order.id : shopify.order.value?.id;
  const customer = shopify.buyerIdentity?.customer?.value?.id;
  return id ? { id, customer, locale: shopify.localization.language.value.isoCode } : undefined;
}

async function post(wanted: Settings, about: Order, kept: Kept): Promise<Reply> {
  const mayName = shopify.customerPrivacy?.value?.visitorConsent?.analytics === true;
  const body = JSON.stringify(answer(wanted, about, kept, mayName, Date.now()));
  const headers = { 'content-type': 'text/plain' };
  const reply = await fetch(`${wanted.collector}/v1/responses`, { method: 'POST', headers, body });
  return { status: reply.status, retryAfter: reply.headers.get('retry-after') };
}

/** The order's outbox: its answer is kept under the order's number. */
function outboxOf(wanted: Settings, about: Order): Outbox {
  const key = `parere-${reference(about.id)}`;
  return new Outbox({
    read: () => shopify.storage.read(key),
    write: (kept) => shopify.storage.write(key, kept),
    post: (kept) => post(wanted, about, kept),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: Date.now,
    chance: Math.random,
  });
}

/** The component that an event is of. */
function of<Tag extends keyof HTMLElementTagNameMap>(event: Event, _tag: Tag): HTMLElementTagNameMap[Tag] {
  return event.currentTarget as HTMLElementTagNameMap[Tag];
}

function Question() {
  const wanted = settings(shopify.settings.value);
  const about = order();
  const [outbox, setOutbox] = useState<Outbox>();
  const [kept, setKept] = useState<Kept>();
  const [comment, setComment] = useState('');
  const [end, setEnd] = useState<'thanks' | 'refused'>();

  // Once for each order: what was answered before is sent if it waits, and not asked again.
  useEffect(() => {
    if (!wanted || !about) return;
    const opened = outboxOf(wanted, about);
    void opened.open().then((isAnswered) => setOutbox(isAnswered ? undefined : opened));
  }, [wanted?.collector, wanted?.site, wanted?.survey, about?.id]);

  if (!wanted || !about || !outbox) return null;
  const choose = (score: number, text: string) => {
    const chosen = next(kept, uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(16))), score, text, Date.now());
    setKept(chosen);
    void outbox.put(chosen).then((became) => became === 'refused' && setEnd('refused'));
  };
  if (end) return <s-text>{shopify.i18n.translate(end)}</s-text>;
  return (
    <s-stack gap="base">
      <s-choice-list
        label={wanted.question}
        onChange={(event) => choose(Number(of(event, 's-choice-list').values?.[0]), '')}
      >
        {points(wanted.scale).map((point) => (
          <s-choice key={point} value={String(point)}>
            {[String(point), meaning(wanted, point)].filter(Boolean).join(' – ')}
          </s-choice>
        ))}
      </s-choice-list>
      {kept ? (
        <s-stack gap="base">
          <s-text-area
            label={shopify.i18n.translate('comment')}
            value={comment}
            onInput={(event) => setComment(of(event, 's-text-area').value ?? '')}
          />
          <s-button
            onClick={() => {
              if (comment.trim() !== '') choose(kept.score, comment);
              setEnd('thanks');
            }}
          >
            {shopify.i18n.translate('send')}
          </s-button>
        </s-stack>
      ) : null}
    </s-stack>
  );
}
