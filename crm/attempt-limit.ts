const KEYS_MAX = 1_000;

/**
 * Under which key tries from an address are counted: an IPv6 one with all of its network, of which one person has
 * billions of addresses.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const [left, right] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''));
  const [before, behind] = [left ?? [], right ?? []];
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - behind.length) }, () => '0');
  const groups = [...before, ...zeros, ...behind].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

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
