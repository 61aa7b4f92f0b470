import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_BYTES_MAX } from '../../../../drivers/decode/framer.ts';
import { createScanDecoder } from '../../../../drivers/decode/scan-decoder.ts';
import type { ScanEvent } from '../../../../drivers/decode/scan-event.ts';
import { createWedgeDetector } from '../../../../drivers/decode/wedge.ts';
import { decodeProfiles, type DecodeProfileName } from '../../../../drivers/profiles/decode.ts';
import { isLuhnValid } from '../../../../sync/base/card-number.ts';
import { VECTOR_RULES } from '../../../vectors/vector.ts';

/** Inputs of one run; fast-check draws the bytes once for all of them. */
const INPUTS_PER_RUN = 50;
const INPUT_BYTES = 72;
const names = Object.keys(decodeProfiles) as DecodeProfileName[];
const reportNames = names.filter((name) => decodeProfiles[name].input.kind !== 'stream');
const streamNames = names.filter((name) => decodeProfiles[name].input.kind === 'stream');

/** What bytes are drawn from: all, and those that lead deeper. */
const alphabets: readonly Uint8Array[] = [
  Uint8Array.from({ length: 256 }, (_, at) => at),
  Uint8Array.from('0123456789\r0123456789\n\t', (sign) => sign.charCodeAt(0)),
  Uint8Array.from(']CEdQeLz01234\x1d0110172139108110\r\x02\x03%', (sign) => sign.charCodeAt(0)),
  Uint8Array.from('%B;=^?+E0123456789 /AZ\r\x1b', (sign) => sign.charCodeAt(0)),
  Uint8Array.from('https://x/01/?&=%2Fgtinlot0123456789\r', (sign) => sign.charCodeAt(0)),
  Uint8Array.from(']Q2\\000026\\000020\\999\xe7\x8e\x8b\x89\xa4\xff\r', (sign) => sign.charCodeAt(0)),
  Uint8Array.from('@\n\x1e\rANSI 636000DLDAQDCS\r', (sign) => sign.charCodeAt(0)),
];

const noise = fc.record({
  bytes: fc.uint8Array({ minLength: INPUTS_PER_RUN * INPUT_BYTES, maxLength: INPUTS_PER_RUN * INPUT_BYTES }),
  alphabet: fc.constantFrom(...alphabets),
  gapMs: fc.constantFrom(0, 1, 49, 60, 200, 700),
});

function checkEvent(event: ScanEvent): void {
  if (event.type === 'scan') {
    const { kind, text, masked } = event.scan;
    if (kind === 'member-card' || kind === 'wallet') throw new Error(`a ${kind} out of noise: ${text}`);
    const isRefused = kind === 'blocked-payment-card' || kind === 'id-document';
    if (text.length > FRAME_BYTES_MAX + 2 || (isRefused && text !== '')) throw new Error(`too much: ${kind}`);
    if (masked !== null && !/^(?:\d{6}\*{3,9}\d{4}|\*{1,12})$/.test(masked))
      throw new Error(`shown: ${masked}`);
  }
  if (event.type === 'scan-error' && event.byteCount > FRAME_BYTES_MAX + 64)
    throw new Error('more than a frame');
}

function pieces(bytes: Uint8Array, alphabet: Uint8Array): Uint8Array[] {
  const drawn = bytes.map((byte) => alphabet[byte % alphabet.length] ?? 0);
  return Array.from({ length: INPUTS_PER_RUN }, (_, at) =>
    drawn.subarray(at * INPUT_BYTES, (at + 1) * INPUT_BYTES),
  );
}

test('40,000 chunks of noise on streams: never throws, never grows, never a member', () => {
  fc.assert(
    fc.property(fc.constantFrom(...streamNames), noise, (name, { bytes, alphabet, gapMs }) => {
      const decoder = createScanDecoder({ ...VECTOR_RULES, ...decodeProfiles[name] });
      let atMs = 0;
      for (const piece of pieces(bytes, alphabet)) {
        for (const event of decoder.push(piece, (atMs += gapMs))) checkEvent(event);
      }
      for (const event of decoder.expire(atMs + 10_000)) checkEvent(event);
      expect(decoder.isPending()).toBe(false);
    }),
    { numRuns: 40_000 / INPUTS_PER_RUN },
  );
});

test('40,000 reports of noise: never throws, never grows, never a member', () => {
  const sizes = fc.constantFrom(1, 8, 62, 63, 64, 65, 234, 337, 343, 509);
  fc.assert(
    fc.property(fc.constantFrom(...reportNames), noise, sizes, (name, { bytes, alphabet, gapMs }, size) => {
      const decoder = createScanDecoder({ ...VECTOR_RULES, ...decodeProfiles[name] });
      let atMs = 0;
      for (const piece of pieces(bytes, alphabet)) {
        const report = new Uint8Array(size);
        report.set(piece.subarray(0, size));
        // The report's own id and a length that can be, or most noise would end at the first byte.
        report[0] = name.startsWith('hidpos') ? 2 : name === 'msr 8e' ? 1 : 0;
        if (size > 1) report[1] = (piece[1] ?? 0) % 60;
        for (const event of decoder.push(report, (atMs += gapMs))) checkEvent(event);
      }
      for (const event of decoder.expire(atMs + 10_000)) checkEvent(event);
      expect(decoder.isPending()).toBe(false);
    }),
    { numRuns: 40_000 / INPUTS_PER_RUN },
  );
});

test('20,000 bursts of keys: never throws, never a member', () => {
  const prefixes = fc.constantFrom(null, { code: 'F9', hasCtrl: false });
  fc.assert(
    fc.property(noise, prefixes, fc.constantFrom('os', 'us'), ({ bytes, alphabet }, prefix, layout) => {
      const detector = createWedgeDetector({ ...VECTOR_RULES, identifiers: 'aim', prefix, layout });
      let timeMs = 0;
      for (const piece of pieces(bytes, alphabet)) {
        for (const byte of piece.subarray(0, 24)) {
          const sign = String.fromCharCode(byte);
          const key = sign === '\r' ? 'Enter' : sign === '\n' ? 'Alt' : sign;
          const decision = detector.push({
            code: byte % 5 === 0 ? `Numpad${byte % 10}` : byte % 7 === 0 ? 'F9' : `Digit${byte % 10}`,
            key,
            timeMs: (timeMs += byte % 40),
            isTrusted: byte !== 250,
            isRepeat: byte === 251,
            hasShift: byte % 2 === 0,
            hasCtrl: byte % 31 === 0,
            hasAlt: byte % 29 === 0,
            hasMeta: byte === 252,
            isCapsLock: byte % 3 === 0,
          });
          if (typeof decision === 'object' && 'event' in decision) checkEvent(decision.event);
        }
      }
      const last = detector.expire(Number.POSITIVE_INFINITY);
      if (typeof last === 'object' && 'event' in last) checkEvent(last.event);
      expect(detector.expire(Number.POSITIVE_INFINITY)).toBe('pass');
    }),
    { numRuns: 20_000 / INPUTS_PER_RUN },
  );
});

test('one wrong digit anywhere in an own number is never a member', () => {
  const card = '6035550000001230';
  fc.assert(
    fc.property(fc.nat(card.length - 1), fc.nat(9), (at, digit) => {
      const read = card.slice(0, at) + String(digit) + card.slice(at + 1);
      const decoder = createScanDecoder({ ...VECTOR_RULES, ...decodeProfiles.cr });
      const [event] = decoder.push(
        Uint8Array.from(`${read}\r`, (sign) => sign.charCodeAt(0)),
        0,
      );
      const isMember = event?.type === 'scan' && event.scan.kind === 'member-card';
      expect(isMember).toBe(read === card);
      expect(isLuhnValid(read)).toBe(read === card);
    }),
    { numRuns: 500 },
  );
});

test('what was read last is remembered for so many codes and no more', () => {
  const decoder = createScanDecoder({ ...VECTOR_RULES, ...decodeProfiles.cr });
  const told = (text: string): string | undefined =>
    decoder.push(
      Uint8Array.from(`${text}\r`, (sign) => sign.charCodeAt(0)),
      0,
    )[0]?.type;
  const kinds = Array.from({ length: 64 }, (_, at) => told(`K${at}`));
  expect([new Set(kinds), told('K0'), told('K64'), told('K0')]).toEqual([
    new Set(['scan']),
    'suppressed',
    'scan',
    'scan',
  ]);
});
