// An answer in the words of the collector, and what its replies mean. Pure: the clock, chance and the network come from
// the caller, so that all of it is tested without a checkout.

/** What the merchant entered in the checkout editor. */
export interface Settings {
  collector: string;
  site: string;
  survey: string;
  question: string;
  scale: string;
  low: string;
  high: string;
}

/** What is known of the order. */
export interface Order {
  /** Shopify's own name for it, `gid://shopify/Order/123` or `gid://shopify/OrderIdentity/123`. */
  id: string;
  /** The customer's, if somebody is signed in. */
  customer?: string | undefined;
  locale: string;
}

/** One revision of an answer, as `POST /v1/responses` takes it. */
export interface Answer {
  site: string;
  survey: string;
  id: string;
  revision: number;
  score: number;
  comment?: string;
  locale: string;
  channel: 'inline';
  touchpoint: 'checkout';
  ref: string;
  subject?: string;
  occurred_at: string;
  sent_at: string;
}

/** What is kept of an order's question, so that it is asked once and no answer is lost. */
export interface Kept {
  /** The same for every revision and every try. */
  id: string;
  revision: number;
  score: number;
  /** Empty once the collector has it. */
  comment: string;
  /** When the first score was chosen, in milliseconds. */
  chosen: number;
  /** Is it still to be sent? */
  waits: boolean;
}

/** Longest wait between two tries, in milliseconds. */
const WAIT_MS_MAX = 5 * 60_000;

/** How long an answer is sent again, in milliseconds: the collector believes no older one. */
const AGE_MS_MAX = 7 * 24 * 60 * 60_000;

/** Settings that something can be asked with; undefined while a merchant has not filled them in. */
export function settings(entered: Record<string, unknown>): Settings | undefined {
  const text = (name: string) => String(entered[name] ?? '').trim();
  const read = {
    collector: text('collector').replace(/\/+$/, ''),
    site: text('site'),
    survey: text('survey'),
    question: text('question'),
    scale: text('scale') || '0-10',
    low: text('low'),
    high: text('high'),
  };
  const isWhole =
    /^https:\/\/[^/\s]+/.test(read.collector) &&
    /^pk_[a-z0-9_]{1,61}$/.test(read.site) &&
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(read.survey) &&
    read.question !== '' &&
    points(read.scale).length > 1;
  return isWhole ? read : undefined;
}

/** The points of a scale like `0-10`; none where it is no scale. */
export function points(scale: string): number[] {
  const [, first, last] = /^(\d{1,2})\s*[-–]\s*(\d{1,2})$/.exec(scale) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return to > from && to - from <= 10 ? Array.from({ length: to - from + 1 }, (_, i) => from + i) : [];
}

/** What a point of the scale means, in words: of the first and the last one that is known. */
export function meaning(wanted: Settings, point: number): string {
  const all = points(wanted.scale);
  if (point === all[0]) return wanted.low;
  return point === all[all.length - 1] ? wanted.high : '';
}

/** The number in Shopify's name of a thing: by it the collector knows the order from the webhooks. */
export function reference(id: string): string {
  return id.split('?')[0]!.split('/').pop()!;
}

/** A UUIDv7: its time, and 74 bits of chance in `random`, which has 16 bytes. */
export function uuid7(now: number, random: Uint8Array): string {
  const bytes = Uint8Array.from(random.slice(0, 16));
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The next revision for a tap on `score`, or for a comment after it. */
export function next(kept: Kept | undefined, id: string, score: number, comment: string, now: number): Kept {
  const { id: first, revision, chosen } = kept ?? { id, revision: 0, chosen: now };
  return { id: first, revision: revision + 1, score, comment: comment.trim().slice(0, 4000), chosen, waits: true };
}

/** What the storage gave back, if it is an answer; what was kept before answers were sent again does not wait. */
export function remembered(found: unknown): Kept | undefined {
  const { id, revision, score, comment, chosen, waits } = (found ?? {}) as Partial<Kept>;
  if (typeof id !== 'string' || typeof revision !== 'number' || typeof score !== 'number') return undefined;
  const isWhole = typeof comment === 'string' && typeof chosen === 'number';
  return { id, revision, score, comment: comment ?? '', chosen: chosen ?? 0, waits: isWhole && waits === true };
}

/**
 * The body of the request. The customer is named only where analytics are allowed; the question works all the same.
 */
export function answer(
  wanted: Settings,
  order: Order,
  kept: Kept,
  mayName: boolean,
  now: number,
): Answer {
  return {
    site: wanted.site,
    survey: wanted.survey,
    id: kept.id,
    revision: kept.revision,
    score: kept.score,
    ...(kept.comment === '' ? {} : { comment: kept.comment }),
    locale: order.locale,
    channel: 'inline',
    touchpoint: 'checkout',
    ref: reference(order.id),
    ...(mayName && order.customer ? { subject: reference(order.customer) } : {}),
    occurred_at: new Date(kept.chosen).toISOString(),
    sent_at: new Date(now).toISOString(),
  };
}

/** What a reply means: the collector has it, it can be sent again, or it never will be taken. */
export function verdict(status: number | undefined): 'stored' | 'again' | 'never' {
  if (status === 200 || status === 409) return 'stored';
  if (status === undefined || status === 429 || status >= 500) return 'again';
  return 'never';
}

/** How long to wait after try number `tries`, in milliseconds; by `chance`, 0 to 1, pages do not come back together. */
export function wait(tries: number, retryAfter: string | null, chance: number): number {
  const asked = Number(retryAfter ?? '') * 1000;
  const longest = Math.min(2000 * 2 ** Math.min(tries - 1, 10), WAIT_MS_MAX);
  return Math.max(Number.isFinite(asked) ? asked : 0, longest / 2 + (longest / 2) * chance);
}

/** Is this answer too old to be sent again? */
export function isOver(kept: Kept, now: number): boolean {
  return now - kept.chosen > AGE_MS_MAX;
}
