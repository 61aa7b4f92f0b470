const NUL = 0x00;
const BREAK = 0xff;
/** By byte: what is not part of a code at either end. */
const EDGE_CONTROLS = new Uint8Array(256);
for (const byte of [NUL, BREAK, 0x02, 0x03, 0x0a, 0x0d]) EDGE_CONTROLS[byte] = 1;

const isEdge = (byte: number | undefined): boolean => byte !== undefined && EDGE_CONTROLS[byte] === 1;

/**
 * Takes off both ends what is not part of a code: 00 and FF, which a line gives when a plug is moved, STX and
 * ETX, and the other half of a CR LF. The middle stays as it is: GS (0x1D) carries meaning, at the end too.
 */
export function stripLineNoise(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (from < to && isEdge(bytes[from])) from += 1;
  while (to > from && isEdge(bytes[to - 1])) to -= 1;
  return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
}

/** How many bytes of noise `stripped` lost at its ends; endings and frame marks are none. */
export function countLineNoise(bytes: Uint8Array, stripped: Uint8Array): number {
  if (bytes.length === stripped.length) return 0;
  let count = 0;
  const from = stripped.byteOffset - bytes.byteOffset;
  for (let at = 0; at < bytes.length; at += 1) {
    if (at === from) at += stripped.length;
    if (at < bytes.length && (bytes[at] === NUL || bytes[at] === BREAK)) count += 1;
  }
  return count;
}
