import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX } from '../../../../drivers/decode/framer.ts';
import { createScanDecoder, type DecodeEvent } from '../../../../drivers/decode/scan-decoder.ts';
import { serialProfiles, type SerialProfileName } from '../../../../drivers/profiles/serial.ts';

const decode = (profile: SerialProfileName, ...chunks: (string | number[])[]): DecodeEvent[] => {
  const decoder = createScanDecoder({ ...serialProfiles[profile], ownPrefixes: ['603555'] });
  return chunks.flatMap((chunk) =>
    decoder.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : Uint8Array.from(chunk), 0),
  );
};
const texts = (events: readonly DecodeEvent[]): string[] =>
  events.map((event) => (event.type === 'payload' ? event.payload.text : event.why));
const codes = (text: string): number[] => Array.from(text, (sign) => sign.charCodeAt(0));

describe('from bytes to scans', () => {
  test('line noise at the edges goes, GS at the end stays', () => {
    expect(texts(decode('cr', [0x00, 0xff, 0x00, ...codes('4006381333931'), 0xff, 0x0d]))).toEqual([
      '4006381333931',
    ]);
    expect(texts(decode('aim cr', ']d210L1\x1d\r'))).toEqual(['10L1\x1d']);
  });

  test('endings alone are nothing', () => {
    expect(decode('cr', '\r\r\n\r')).toEqual([]);
    expect(decode('auto', '\r\n\n\r')).toEqual([]);
    expect(decode('aim cr', ']C0\r')).toEqual([]);
  });

  test('CR LF under the profile for CR alone gives whole scans', () => {
    expect(texts(decode('cr', 'A\r\nB\r\n'))).toEqual(['A', 'B']);
  });

  test('the default profile takes every ending, AIM or not, STX and ETX or not', () => {
    expect(texts(decode('auto', 'A\r', 'B\n', ']C0C\r\n', '\x02D\x03\r\n'))).toEqual(['A', 'B', 'C', 'D']);
  });

  test('STX, AIM, CR, ETX', () => {
    expect(decode('stx-etx', '\x02]C06035550000001230\r\x03')).toEqual([
      { type: 'payload', payload: { kind: 'member-card', text: '6035550000001230', aim: ']C0' } },
    ]);
  });

  test('text is UTF-8 if it can be, ISO-8859-1 otherwise', () => {
    expect(texts(decode('cr', '王小明\r', [...codes('M\xfcller'), 0x0d]))).toEqual(['王小明', 'Müller']);
  });

  test('a payment card behind noise is refused', () => {
    expect(decode('cr', [0x00, ...codes('4111111111111111'), 0x0d])).toEqual([
      { type: 'payload', payload: { kind: 'refused-payment-card', text: '', aim: null } },
    ]);
  });
});

test('any bytes under any profile: never throws, no text longer than a frame', () => {
  const names = Object.keys(serialProfiles) as SerialProfileName[];
  const byte = fc.oneof(fc.constantFrom(2, 3, 9, 10, 13, 0xff, 0xc3), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(fc.array(byte, { maxLength: 200 })), (name, chunks) => {
      for (const event of decode(name, ...chunks)) {
        const size = event.type === 'payload' ? event.payload.text.length : event.byteCount;
        expect(size).toBeLessThanOrEqual(FRAME_BYTES_MAX + 2);
      }
    }),
  );
});
