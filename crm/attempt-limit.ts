const KEYS_MAX = 1_000;

/** Counts wrong tries per key. Counted before the check, so that many at once gain nothing. */
export interface AttemptLimit {
  /** False when too many were wrong lately; then the try must not be checked at all. */
  begin(key: string, nowMs: number): boolean;
  /** The try was right: the key starts anew. */
  succeed(key: string): void;
}

export function createAttemptLimit({
  wrongMax,
  windowMs,
}: {
  wrongMax: number;
  windowMs: number;
}): AttemptLimit {
  const tries = new Map<string, number[]>();
  return {
    begin: (key, nowMs) => {
      const recent = (tries.get(key) ?? []).filter((atMs) => atMs > nowMs - windowMs);
      if (recent.length >= wrongMax) return false;
      tries.delete(key);
      tries.set(key, [...recent, nowMs]);
      const oldest = tries.keys().next();
      if (tries.size > KEYS_MAX && oldest.done === false) tries.delete(oldest.value);
      return true;
    },
    succeed: (key) => void tries.delete(key),
  };
}
