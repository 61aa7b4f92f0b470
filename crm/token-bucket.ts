const KEYS_MAX = 20_000;

/** How often each key may come: `burst` at once, then `perSecond`. */
export interface TokenBucket {
  /** 0: come in. Otherwise the seconds until the next one is welcome, at least 1. */
  take(key: string, nowMs: number): number;
}

export function createTokenBucket(limit: Readonly<{ perSecond: number; burst: number }>): TokenBucket {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take: (key, nowMs) => {
      const known = buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs };
      const gained = (Math.max(0, nowMs - known.atMs) / 1_000) * limit.perSecond;
      const tokens = Math.min(limit.burst, known.tokens + gained);
      buckets.delete(key);
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
      const oldest = buckets.keys().next();
      if (buckets.size > KEYS_MAX && oldest.done === false) buckets.delete(oldest.value);
      return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / limit.perSecond));
    },
  };
}
