// An order's answer until the collector has it: kept before it is sent, and sent until it is taken or never will be.

import { isOver, remembered, verdict, wait } from './answer.ts';
import type { Kept } from './answer.ts';

/** What the collector replied. */
export interface Reply {
  status: number;
  /** Its header `Retry-After`. */
  retryAfter: string | null;
}

/** What an outbox cannot do itself: storage, network, time and chance. All of them may fail but the last three. */
export interface Rim {
  read(): Promise<unknown>;
  write(kept: Kept): Promise<unknown>;
  post(kept: Kept): Promise<Reply>;
  pause(ms: number): Promise<unknown>;
  now(): number;
  chance(): number;
}

/** What became of a revision: a later one says all that it said, or the collector has it, or it never will. */
export type End = 'replaced' | 'stored' | 'refused';

export class Outbox {
  #rim: Rim;
  #kept: Kept | undefined;
  #written: Promise<unknown> = Promise.resolve();

  constructor(rim: Rim) {
    this.#rim = rim;
  }

  /** Was the order's question answered before? What still waits of it is sent. Where storage fails it was not. */
  async open(): Promise<boolean> {
    const found = remembered(await attempt(() => this.#rim.read()));
    if (found?.waits) void this.put(found);
    return found !== undefined;
  }

  /** Keeps a revision and sends it, again and again if need be. The storage holds nothing up. */
  async put(kept: Kept): Promise<End> {
    this.#keep(kept);
    for (let tries = 1; this.#kept === kept; tries += 1) {
      const reply = await attempt(() => this.#rim.post(kept));
      const told = verdict(reply?.status);
      if (this.#kept !== kept) break;
      if (told !== 'again' || isOver(kept, this.#rim.now())) {
        // That there was an answer stays known; its words need not.
        this.#keep({ ...kept, comment: '', waits: false });
        return told === 'stored' ? 'stored' : 'refused';
      }
      await this.#rim.pause(wait(tries, reply?.retryAfter ?? null, this.#rim.chance()));
    }
    return 'replaced';
  }

  /** One after the other, so that the last one written is the last one kept. */
  #keep(kept: Kept) {
    this.#kept = kept;
    this.#written = this.#written.then(() => attempt(() => this.#rim.write(kept)));
  }
}

/** What came of it; undefined if it failed in any way. */
async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch {
    return undefined;
  }
}
