const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (Castagnoli) of all the bytes, one part after the other. */
export function crc32c(...parts: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  for (const part of parts) {
    // A plain loop: every action of a cashier waits for it.
    for (let at = 0; at < part.length; at += 1) {
      crc = (crc >>> 8) ^ (TABLE[(crc ^ (part[at] ?? 0)) & 0xff] ?? 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
