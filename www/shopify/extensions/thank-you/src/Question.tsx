// The question in Shopify's own components: the checkout lets nothing else be drawn.

import '@shopify/ui-extensions/preact';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { answer, meaning, next, points, reference, settings, uuid7, verdict, wait } from './answer.ts';
import type { Kept, Order, Settings } from './answer.ts';

export default function extension() {
  render(<Question />, document.body);
}

/** The order, by either of the two pages' names for it. */
function order(): Order | undefined {
  const id = 'orderConfirmation' in shopify ? shopify.orderConfirmation.value.order.id : shopify.order.value?.id;
  const customer = shopify.buyerIdentity?.customer?.value?.id;
  return id ? { id, customer, locale: shopify.localization.language.value.isoCode } : undefined;
}

async function send(wanted: Settings, about: Order, kept: Kept, comment: string): Promise<boolean> {
  const mayName = shopify.customerPrivacy?.value?.visitorConsent?.analytics === true;
  for (let tries = 1; ; tries += 1) {
    const body = JSON.stringify(answer(wanted, about, kept, comment, mayName, Date.now()));
    const headers = { 'content-type': 'text/plain' };
    const sent = fetch(`${wanted.collector}/v1/responses`, { method: 'POST', headers, body });
    const reply = await sent.catch(() => undefined);
    const told = verdict(reply?.status);
    if (told !== 'again') return told === 'stored';
    const pause = wait(tries, reply?.headers.get('retry-after') ?? null);
    if (pause === undefined) return false;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** The component that an event is of. */
function of<Tag extends keyof HTMLElementTagNameMap>(event: Event, _tag: Tag): HTMLElementTagNameMap[Tag] {
  return event.currentTarget as HTMLElementTagNameMap[Tag];
}

function Question() {
  const wanted = settings(shopify.settings.value);
  const about = order();
  const [kept, setKept] = useState<Kept | null | undefined>(null);
  const [comment, setComment] = useState('');
  const [isOver, setOver] = useState(false);
  const key = about ? `parere-${reference(about.id)}` : '';

  // Once for each order: what was answered before is not asked again.
  useEffect(() => {
    if (key) shopify.storage.read(key).then((found) => setKept((found as Kept | null) ?? undefined));
  }, [key]);

  if (!wanted || !about || kept === null) return null;
  const choose = (score: number, text: string) => {
    const chosen = next(kept, uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(16))), score);
    setKept(chosen);
    void shopify.storage.write(key, chosen);
    void send(wanted, about, chosen, text);
  };
  if (isOver) return <s-text>{shopify.i18n.translate('thanks')}</s-text>;
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
              setOver(true);
            }}
          >
            {shopify.i18n.translate('send')}
          </s-button>
        </s-stack>
      ) : null}
    </s-stack>
  );
}
