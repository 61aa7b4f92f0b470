const NUL = 0x00;
const BREAK = 0xff;
const EDGE_CONTROLS = new Set([NUL, BREAK, 0x02, 0x03, 0x0a, 0x0d]);

/**
 * Takes off both ends what is not part of a code: 00 and FF, which a line gives when a plug is moved, STX and
 * ETX, and the other half of a CR LF. The middle stays as it is: GS (0x1D) carries meaning, at the end too.
 */
export function stripLineNoise(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (from < to && EDGE_CONTROLS.has(bytes[from] ?? NUL)) from += 1;
  while (to > from && EDGE_CONTROLS.has(bytes[to - 1] ?? NUL)) to -= 1;
  return bytes.subarray(from, to);
}
