export interface TokenBucketOptions {
  /** So many at once. */
  readonly size: number;
  /** One more after each pause. */
  readonly refillMs: number;
}

export interface TokenBucket {
  /**
   * @param atMs monotonic
   * @returns How many were refused since the last one that was let through; null: this one is refused too.
   */
  take(atMs: number): number | null;
}

/** Lets a burst through and then one now and again. Pure: time is passed in. */
export function createTokenBucket({ size, refillMs }: TokenBucketOptions): TokenBucket {
  let tokens = size;
  let filledAtMs = 0;
  let refused = 0;
  return {
    take: (atMs) => {
      const fresh = Math.floor(Math.max(atMs - filledAtMs, 0) / refillMs);
      if (tokens + fresh >= size) {
        tokens = size;
        filledAtMs = atMs;
      } else {
        tokens += fresh;
        filledAtMs += fresh * refillMs;
      }
      if (tokens === 0) {
        refused += 1;
        return null;
      }
      tokens -= 1;
      const before = refused;
      refused = 0;
      return before;
    },
  };
}
