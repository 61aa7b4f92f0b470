const START_SLOTS = 1 << 16;

/** 53 bits of a text, well mixed. */
function hashOf(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  // No key has the hash of an empty slot.
  return 4294967296 * (2097151 & low) + (high >>> 0) || 1;
}

/**
 * Which row of a file has a key: twelve bytes for each, so that a million rows fit. Two keys may share a hash;
 * whoever asks looks into the row that is named.
 */
export function createKeyTable() {
  let hashes = new Float64Array(START_SLOTS);
  let rows = new Int32Array(START_SLOTS);
  let count = 0;
  const slotOf = (hash: number): number => {
    const mask = hashes.length - 1;
    let slot = ((hash % 4294967296) | 0) & mask;
    while (hashes[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  };
  const put = (hash: number, rowNo: number): void => {
    const slot = slotOf(hash);
    if (hashes[slot] !== 0) return;
    hashes[slot] = hash;
    rows[slot] = rowNo;
    count += 1;
  };
  const grow = (): void => {
    const [oldHashes, oldRows] = [hashes, rows];
    [hashes, rows, count] = [new Float64Array(oldHashes.length * 2), new Int32Array(oldRows.length * 2), 0];
    for (const [at, hash] of oldHashes.entries()) if (hash !== 0) put(hash, oldRows[at] ?? 0);
  };
  return {
    /** The first row that was put under the key, or under one with its hash; undefined for none. */
    find: (key: string): number | undefined => {
      const slot = slotOf(hashOf(key));
      return hashes[slot] === 0 ? undefined : rows[slot];
    },
    /** A key that is there already stays with its first row. */
    add: (key: string, rowNo: number): void => {
      if (count * 2 > hashes.length) grow();
      put(hashOf(key), rowNo);
    },
  };
}
