/**
 * Whole numbers as bytes: seven bits each, lowest first, the eighth says that more follow. Up to 2^53 - 1,
 * hence no bit operators, which end at 2^32.
 */
export interface ByteWriter {
  /** @throws On a number that is no safe integer or below 0. */
  unsigned(value: number): void;
  /** The first byte holds the sign and six bits, so that small magnitudes of either sign stay short. */
  signed(value: number): void;
  bytes(): Uint8Array;
}

const FIRST_SIZE = 1_024;

export function createByteWriter(): ByteWriter {
  let buffer = new Uint8Array(FIRST_SIZE);
  let length = 0;
  const put = (byte: number): void => {
    if (length === buffer.length) {
      const larger = new Uint8Array(buffer.length * 2);
      larger.set(buffer);
      buffer = larger;
    }
    buffer[length] = byte;
    length += 1;
  };
  const check = (magnitude: number): void => {
    if (!Number.isSafeInteger(magnitude) || magnitude < 0)
      throw new Error(`varint: ${magnitude} can not be written`);
  };
  const putRest = (value: number): void => {
    let rest = value;
    while (rest >= 0x80) {
      put((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    put(rest);
  };
  const signed = (value: number): void => {
    const magnitude = Math.abs(value);
    check(magnitude);
    const rest = Math.floor(magnitude / 0x40);
    put((magnitude % 0x40) * 2 + (value < 0 ? 1 : 0) + (rest > 0 ? 0x80 : 0));
    if (rest > 0) putRest(rest);
  };
  const unsigned = (value: number): void => {
    check(value);
    putRest(value);
  };
  return {
    unsigned,
    signed,
    bytes: () => buffer.slice(0, length),
  };
}

export interface ByteReader {
  unsigned(): number;
  signed(): number;
  /** @throws When bytes remain: a reader of another form would have taken them. */
  end(): void;
}

/** Reads what `createByteWriter` wrote. Methods throw when the bytes end early or a number is too large. */
export function createByteReader(bytes: Uint8Array): ByteReader {
  let at = 0;
  const next = (): number => {
    const byte = bytes[at];
    if (byte === undefined) throw new Error('varint: the bytes end early');
    at += 1;
    return byte;
  };
  const unsigned = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = next();
      value += (byte % 0x80) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw new Error('varint: a number is too large');
      if (byte < 0x80) return value;
    }
  };
  const signed = (): number => {
    const first = next();
    const low = Math.floor((first % 0x80) / 2);
    const magnitude = first < 0x80 ? low : unsigned() * 0x40 + low;
    if (magnitude > Number.MAX_SAFE_INTEGER) throw new Error('varint: a number is too large');
    return first % 2 === 0 || magnitude === 0 ? magnitude : -magnitude;
  };
  return {
    unsigned,
    signed,
    end: () => {
      if (at !== bytes.length) throw new Error('varint: bytes remain');
    },
  };
}
