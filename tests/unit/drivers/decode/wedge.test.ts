import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createWedgeDetector,
  type WedgeDecision,
  type WedgeOptions,
} from '../../../../drivers/decode/wedge.ts';
import type { ScanEvent } from '../../../../drivers/decode/scan-event.ts';
import type { WedgeKey } from '../../../../drivers/decode/wedge-key.ts';

const options: WedgeOptions = {
  identifiers: 'aim',
  ownPrefixes: ['603555'],
  prefix: null,
  layout: 'os',
};
const CARD = '6035550000001230';

const signs = (text: string): string[] => [...text];

const keyOf = (key: string, timeMs: number, changes: Partial<WedgeKey> = {}): WedgeKey => ({
  code: /^[0-9]$/.test(key) ? `Digit${key}` : key,
  key,
  timeMs,
  isTrusted: true,
  isRepeat: false,
  hasShift: false,
  hasCtrl: false,
  hasAlt: false,
  hasMeta: false,
  isCapsLock: false,
  ...changes,
});

/** Keys at a fixed pause, starting at `startMs`. */
const keysAt = (gapMs: number, keys: readonly string[], startMs = 1000): WedgeKey[] =>
  keys.map((key, index) => keyOf(key, startMs + index * gapMs));

const shown = (event: ScanEvent): string => {
  if (event.type === 'scan') return `${event.scan.kind} ${event.scan.text}`;
  return event.type === 'scan-error' ? event.code : event.type;
};

/** The field that the page would show, and the scans it would get. */
function play(keys: readonly WedgeKey[], changes: Partial<WedgeOptions> = {}, expireAtMs = Infinity) {
  const detector = createWedgeDetector({ ...options, ...changes });
  const decisions: string[] = [];
  const scans: string[] = [];
  let field = '';
  let marked = '';
  const apply = (decision: WedgeDecision, typed: string): void => {
    decisions.push(typeof decision === 'string' ? decision : (Object.keys(decision)[0] ?? ''));
    if (decision === 'swallow') return;
    if (typeof decision === 'object' && 'event' in decision) {
      scans.push(shown(decision.event));
      field = marked;
      return;
    }
    const replay = typeof decision === 'object' ? decision : { replay: [], isMark: decision === 'mark' };
    field += replay.replay.map((key) => key.key).join('');
    if (replay.isMark) marked = field;
    field += typed;
  };
  for (const key of keys) apply(detector.push(key), key.key.length === 1 ? key.key : '');
  apply(detector.expire(expireAtMs), '');
  return { field, scans, decisions };
}

describe('heuristic mode', () => {
  test('a fast burst with Enter is a scan and leaves the field as it was', () => {
    const typed = keysAt(400, ['a', 'b'], 0);
    const scan = keysAt(5, [...signs(CARD), 'Enter']);
    const { field, scans, decisions } = play([...typed, ...scan]);
    expect([field, scans, decisions.slice(0, 6), decisions.at(-2)]).toEqual([
      'ab',
      [`member-card ${CARD}`],
      ['mark', 'mark', 'mark', 'pass', 'swallow', 'swallow'],
      'event',
    ]);
  });

  test('Tab ends a scan too, and one slow key on a busy machine does not break it', () => {
    const keys = keysAt(8, [...signs(CARD), 'Tab']).map((key, index) => ({
      ...key,
      timeMs: key.timeMs + (index > 1 ? 100 : 0),
    }));
    const { field, scans } = play(keys);
    expect([field, scans]).toEqual(['', [`member-card ${CARD}`]]);
  });

  test.each([
    ['typed digits, 140 ms apart', 140, '4006381333931'],
    ['a fast typist, 45 ms apart', 45, '123456'],
    ['five fast keys', 5, '12345'],
  ])('%s stay typing, nothing is lost', (_name, gapMs, text) => {
    const { field, scans } = play(keysAt(gapMs, [...signs(text), 'Enter']));
    expect([field, scans]).toEqual([text, []]);
  });

  test('silence alone never makes a scan: held keys come back', () => {
    const { field, scans, decisions } = play(keysAt(5, [...signs(CARD)]));
    expect([field, scans, decisions.at(-1)]).toEqual([CARD, [], 'replay']);
  });

  test('held keys come back before the slow key that shows they were typed', () => {
    const { field } = play([...keysAt(5, [...signs('abcd')]), keyOf('e', 2000)]);
    expect(field).toBe('abcde');
  });
});

describe('what counts as a key of a scan', () => {
  test('keys that programs make, and a key held down, are no scan', () => {
    const untrusted = keysAt(5, [...signs(CARD), 'Enter']).map((key) => ({ ...key, isTrusted: false }));
    const held = keysAt(30, [...signs('77777777'), 'Enter']).map((key, at) => ({
      ...key,
      isRepeat: at > 0 && at < 8,
    }));
    expect([play(untrusted).scans, play(held).scans, play(held).field]).toEqual([[], [], '77777777']);
  });

  test('Shift between keys does not break a scan, a command does', () => {
    const shifted = keysAt(5, ['Shift', 'A', 'b', 'Shift', 'C', '1', '2', '3', 'Enter']);
    const command = keysAt(5, [...signs('abcd'), 'x', ...signs('efgh'), 'Enter']).map((key) =>
      key.key === 'x' ? { ...key, hasCtrl: true } : key,
    );
    expect([play(shifted).scans, play(command).scans]).toEqual([['unknown AbC123'], []]);
  });

  test('Caps Lock is undone', () => {
    const keys = keysAt(5, [...signs('tW1.Ab'), 'Enter']).map((key) => ({ ...key, isCapsLock: true }));
    expect(play(keys).scans).toEqual(['unknown Tw1.aB']);
  });

  test('on an AZERTY layout digits are read by position if so set', () => {
    const azerty = 'à&é"\'(-è_ç';
    const keys = signs(CARD).map((digit, at) =>
      keyOf(azerty[Number(digit)] ?? '', 1000 + at * 5, { code: `Digit${digit}` }),
    );
    const all = [...keys, keyOf('Enter', 1000 + CARD.length * 5)];
    expect(play(all, { layout: 'us' }).scans).toEqual([`member-card ${CARD}`]);
  });

  test('a payment card leaves no text behind, in the field neither', () => {
    const { field, scans } = play(keysAt(5, [...signs('4111111111111111'), 'Enter']));
    expect([field, scans]).toEqual(['', ['blocked-payment-card ']]);
  });

  test('a track that breaks off is told as a payment card: none of its keys come back', () => {
    const { field, scans } = play(keysAt(5, [...signs(';4111111111111111=29')]));
    expect([field, scans]).toEqual(['', ['blocked-payment-card ']]);
  });

  test('a swipe that stumbles at its start, or comes slowly, leaves no digit in the field', () => {
    const track = [...signs(';4111111111111111=2912101123456789?'), 'Enter'];
    const stumbling = keysAt(5, track).map((key, at) => ({ ...key, timeMs: key.timeMs + (at > 0 ? 40 : 0) }));
    for (const keys of [stumbling, keysAt(40, track)]) {
      expect(play(keys)).toMatchObject({ field: '', scans: ['blocked-payment-card '] });
    }
  });

  test('a swipe that is cut in two is two bad reads, and no digit comes back', () => {
    const head = keysAt(5, signs(';41111111'));
    const tail = keysAt(5, [...signs('11111111=2912101123456789?'), 'Enter'], 1_300);
    const { field, scans } = play([...head, ...tail]);
    expect([field, scans.filter((scan) => scan.startsWith('scan') || /\d/.test(scan))]).toEqual(['', []]);
  });

  test('a slow swipe that breaks off before its number is whole leaves no digit', () => {
    expect(play(keysAt(40, signs(';41111111'))).field).toBe('');
  });

  test('a card’s number without an end key is told as a payment card, not given back', () => {
    const { field, scans } = play(keysAt(5, [...signs('4111111111111111')]));
    expect([field, scans]).toEqual(['', ['blocked-payment-card ']]);
  });

  test('two scans in a row are two scans', () => {
    const keys = [
      ...keysAt(5, [...signs(CARD), 'Enter']),
      ...keysAt(5, [...signs('TW1.abc'), 'Enter'], 1300),
    ];
    expect(play(keys).scans).toEqual([`member-card ${CARD}`, 'unknown TW1.abc']);
  });
});

describe('prefix mode', () => {
  const prefix = { code: 'F9', hasCtrl: false };
  test('everything from the start key to the end is swallowed, however slow or short', () => {
    const { field, scans } = play(keysAt(100, ['F9', 'a', 'b', 'Enter']), { prefix });
    expect([field, scans]).toEqual(['', ['unknown ab']]);
  });
  test('a card reader without the start key is guarded against all the same', () => {
    const { field, scans } = play(keysAt(5, [...signs(';4111111111111111=2912101123456789?'), 'Enter']), {
      prefix,
    });
    expect([field, scans]).toEqual(['', ['blocked-payment-card ']]);
    const number = play(keysAt(5, [...signs('4111111111111111'), 'Enter']), { prefix });
    expect([number.field, number.scans]).toEqual(['', ['blocked-payment-card ']]);
  });
  test('fast keys without the start key are typing', () => {
    const { field, scans } = play(keysAt(5, [...signs(CARD), 'Enter']), { prefix });
    expect([field, scans]).toEqual([CARD, []]);
  });
  test('silence drops what was begun, and typing goes on', () => {
    const { field, scans } = play([...keysAt(5, ['F9', 'a', 'b']), ...keysAt(200, ['c', 'Enter'], 3000)], {
      prefix,
    });
    expect([field, scans]).toEqual(['c', []]);
  });
  test('the start key again starts again', () => {
    expect(play(keysAt(5, ['F9', 'a', 'F9', 'b', 'Enter']), { prefix }).scans).toEqual(['unknown b']);
  });
});

test('whatever is typed, without an ending nothing is lost or doubled', () => {
  const stroke = fc.tuple(fc.constantFrom(...signs('ab1 ')), fc.nat(400));
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 60 }), (strokes) => {
      let timeMs = 0;
      const keys = strokes.map(([key, gapMs]) => keyOf(key, (timeMs += gapMs)));
      const { field, scans } = play(keys);
      expect([field, scans]).toEqual([strokes.map(([key]) => key).join(''), []]);
    }),
  );
});
