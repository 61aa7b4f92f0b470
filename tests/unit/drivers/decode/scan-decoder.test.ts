import { describe, expect, test } from 'vitest';
import { createScanDecoder } from '../../../../drivers/decode/scan-decoder.ts';
import type { ScanEvent } from '../../../../drivers/decode/scan-event.ts';
import { decodeProfiles, type DecodeProfileName } from '../../../../drivers/profiles/decode.ts';
import { VECTOR_RULES } from '../../../vectors/vector.ts';

const decoderOf = (profile: DecodeProfileName, changes = {}) =>
  createScanDecoder({ ...VECTOR_RULES, ...decodeProfiles[profile], ...changes });
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const decode = (profile: DecodeProfileName, ...chunks: string[]): ScanEvent[] => {
  const decoder = decoderOf(profile);
  return chunks.flatMap((chunk) => decoder.push(bytesOf(chunk), 0));
};
const texts = (events: readonly ScanEvent[]): string[] =>
  events.map((event) => (event.type === 'scan' ? event.scan.text : event.type));
const kinds = (events: readonly ScanEvent[]): string[] =>
  events.map((event) => (event.type === 'scan' ? event.scan.kind : event.type));

test('the default profile takes every ending, AIM or not, STX and ETX or not', () => {
  expect(texts(decode('auto', 'A\r', 'B\n', ']C0C\r\n', '\x02D\x03\r\n'))).toEqual(['A', 'B', 'C', 'D']);
});

test('endings alone are nothing, and the half of one that is left over is no loss', () => {
  expect(decode('cr', '\r\r\n\r')).toEqual([]);
  const decoder = decoderOf('cr');
  expect(texts(decoder.push(bytesOf('A\r\n'), 0))).toEqual(['A']);
  expect([decoder.isPending(), decoder.expire(300), decoder.isPending()]).toEqual([true, [], false]);
});

describe('what is wiped', () => {
  test('the bytes of a frame are overwritten before its event is told', () => {
    const seen: Uint8Array[] = [];
    const slice = Uint8Array.prototype.slice;
    Uint8Array.prototype.slice = function remember(this: Uint8Array, ...range) {
      const copy = slice.apply(this, range);
      seen.push(copy);
      return copy;
    };
    try {
      expect(kinds(decode('cr', '4111111111111111\r'))).toEqual(['blocked-payment-card']);
    } finally {
      Uint8Array.prototype.slice = slice;
    }
    expect(seen.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true]);
  });

  test('a payment card says its kind and a mask, nothing else', () => {
    expect(decode('aim cr', ']C04111111111111111\r')).toEqual([
      {
        type: 'scan',
        scan: {
          kind: 'blocked-payment-card',
          text: '',
          symbology: 'code128',
          isDeclared: true,
          aim: ']C0',
          facts: {},
          gs1: null,
          addOn: null,
          issues: [],
          masked: '411111******1111',
        },
      },
    ]);
  });
});

describe('what a chain says of its own codes', () => {
  test('its rules go before GS1 and EAN, and after the card guard', () => {
    const tenantRules = [
      { symbologies: ['ean13' as const], pattern: /^2/, kind: 'member-card' as const },
      { symbologies: [], pattern: /^(4|M-)/, kind: 'wallet' as const },
    ];
    const decoder = decoderOf('aim cr', { tenantRules });
    const codes = ']E02112345012346\r]C0M-1\r]C04111111111111111\r]C1M-2\r';
    expect(kinds(decoder.push(bytesOf(codes), 0))).toEqual([
      'member-card',
      'wallet',
      'blocked-payment-card',
      'wallet',
    ]);
  });

  test('eight digits that fit both are what the profile says', () => {
    const [event] = decoderOf('cr', { eightDigits: 'upce' }).push(bytesOf('01234565\r'), 0);
    expect(event).toMatchObject({
      scan: { symbology: 'upce', facts: { gtin14: '00012345000065' }, issues: ['ambiguous'] },
    });
  });

  test('in-store codes say what their layout says', () => {
    const inStore = ['21IIIIIPPPPPC', '29IIIIIWWWWWC'];
    const decoder = decoderOf('cr', { inStore });
    const told = decoder.push(bytesOf('2112345012346\r2912345067892\r'), 0);
    expect(told.map((event) => event.type === 'scan' && event.scan.facts)).toEqual([
      { gtin14: '02112345012346', inStoreItem: '12345', priceMinor: '1234' },
      { gtin14: '02912345067892', inStoreItem: '12345', weightGrams: '6789' },
    ]);
  });
});

test('an unplug forgets what was begun and what was read last', () => {
  const decoder = decoderOf('cr');
  const code = bytesOf('4006381333931\r');
  expect(kinds(decoder.push(code, 0))).toEqual(['product']);
  decoder.push(bytesOf('400'), 10);
  decoder.reset();
  expect([decoder.isPending(), kinds(decoder.push(code, 20))]).toEqual([false, ['product']]);
});

test('a code longer than a report waits for its rest as long as the rest may take', () => {
  const decoder = decoderOf('hidpos A');
  const report = Uint8Array.from([2, 56, ...bytesOf(']Q1'), ...bytesOf('x'.repeat(56)), 0, 0, 1]);
  expect([decoder.push(report, 0), decoder.isPending(), decoder.silenceMs]).toEqual([[], true, 600]);
  expect(decoder.expire(599)).toEqual([]);
  expect(decoder.expire(600)).toEqual([{ type: 'scan-error', code: 'partial', byteCount: 56, hint: null }]);
});
