import { addressKey } from '../../../sync/base/address-key.ts';

/** So many wrong PINs from one address in so long, whoever they were for; a person's own limit is the core's. */
const TRIES_MAX = 20;
/** Tries of an address count for so long. */
export const GUESS_WINDOW_MS = 15 * 60_000;
/** What many addresses can make us remember; the oldest go first. */
const ADDRESSES_MAX = 10_000;

export interface GuessLimit {
  /** Counts a try before it is made. False: no more for a while. */
  begin(address: string): boolean;
  /** It was no guess. */
  succeed(address: string): void;
}

/** @param nowMs A clock that nobody sets. */
export function createGuessLimit(nowMs: () => number): GuessLimit {
  const tries = new Map<string, { count: number; untilMs: number }>();
  const of = (from: string): { count: number; untilMs: number } => {
    const address = addressKey(from);
    const known = tries.get(address);
    if (known !== undefined && known.untilMs > nowMs()) return known;
    const fresh = { count: 0, untilMs: nowMs() + GUESS_WINDOW_MS };
    tries.delete(address);
    tries.set(address, fresh);
    const [oldest] = tries.keys();
    if (tries.size > ADDRESSES_MAX && oldest !== undefined) tries.delete(oldest);
    return fresh;
  };
  return {
    begin: (address) => {
      const made = of(address);
      if (made.count >= TRIES_MAX) return false;
      made.count += 1;
      return true;
    },
    succeed: (address) => {
      const made = of(address);
      made.count = Math.max(0, made.count - 1);
    },
  };
}
