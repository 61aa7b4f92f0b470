import { expect, test } from 'vitest';
import { createWedgeWire } from '../../../../renderer/lib/wedge.ts';
import { createWedgeDetector, type WedgeOptions } from '../../../../drivers/decode/wedge.ts';
import type { WedgeKey } from '../../../../drivers/decode/wedge-key.ts';
import { pressed } from '../features/scanners/keys.ts';
import type { ScanEvent } from '../../../../drivers/decode/scan-event.ts';

const CARD = '6035553882471315';

/** One text field, a clock and a timer that the test turns. */
function setUp(text = '', prefix: WedgeOptions['prefix'] = null, layout: WedgeOptions['layout'] = 'os') {
  let field = text;
  let nowMs = 1000;
  let timer: { act: () => void; atMs: number } | undefined;
  const scans: ScanEvent[] = [];
  /** Where somebody types, and what went elsewhere. */
  let place = 'field';
  const elsewhere: [string, string][] = [];
  const wire = createWedgeWire<string, string>({
    detector: createWedgeDetector({
      identifiers: 'aim',
      ownPrefixes: ['603555'],
      layout,
      prefix,
    }),
    field: {
      mark: () => field,
      restore: (mark) => {
        field = mark;
      },
      place: () => place,
      insert: (more, at) => {
        if (at === 'field') field += more;
        else elsewhere.push([at, more]);
      },
    },
    onScan: (event) => scans.push(event),
    schedule: (act, delayMs) => {
      timer = { act, atMs: nowMs + delayMs };
      return () => {
        timer = undefined;
      };
    },
    nowMs: () => nowMs,
  });
  const press = (key: string, change: Partial<WedgeKey> = {}): void => {
    const code = key === 'Enter' ? 'Enter' : `Key${key}`;
    const isSwallowed = wire.push(pressed({ code, key, timeMs: nowMs, ...change }));
    if (!isSwallowed && key.length === 1) field += key;
  };
  return {
    scans,
    wire,
    field: () => field,
    elsewhere,
    goTo: (to: string): void => {
      place = to;
    },
    one: (key: string, change: Partial<WedgeKey>): void => {
      nowMs += 5;
      press(key, change);
    },
    keys: (keys: readonly string[], gapMs: number): void => {
      for (const key of keys) {
        nowMs += gapMs;
        press(key);
      }
    },
    wait: (ms: number): void => {
      nowMs += ms;
      if (timer && nowMs >= timer.atMs) timer.act();
    },
  };
}

test('a scan is taken and leaves the focused field as it was', () => {
  const { keys, scans, field } = setUp('half typed');
  keys([...CARD, 'Enter'], 4);
  expect(scans).toMatchObject([{ type: 'scan', scan: { kind: 'member-card', text: CARD } }]);
  expect(field()).toBe('half typed');
});

test('a person who types keeps every key', () => {
  const { keys, scans, field } = setUp();
  keys([...'91110001', 'Enter'], 120);
  expect(field()).toBe('91110001');
  expect(scans).toEqual([]);
});

test('fast typing that stops comes back into the field by itself', () => {
  const { keys, wait, field, scans } = setUp();
  keys([...'tan w'], 20);
  expect(field()).toBe('ta');
  wait(200);
  expect(field()).toBe('tan w');
  expect(scans).toEqual([]);
});

test('keys that are held come back before the focus moves', () => {
  const { keys, wire, field } = setUp();
  keys([...'tanw'], 20);
  wire.release();
  expect(field()).toBe('tanw');
});

test('of a payment card nothing is handed on', () => {
  const { keys, scans, field } = setUp('x');
  keys([...'4111111111111111', 'Enter'], 4);
  expect(scans).toMatchObject([{ type: 'scan', scan: { kind: 'blocked-payment-card', text: '' } }]);
  expect(JSON.stringify(scans)).not.toContain('1111111');
  expect(field()).toBe('x');
});

test('with a start key no key of a scan reaches the field, however slow; typing is never held', () => {
  const { keys, scans, field } = setUp('x', { code: 'KeyF9', hasCtrl: false });
  keys([...'fast typing'], 5);
  expect(field()).toBe('xfast typing');
  keys(['F9', ...CARD, 'Enter'], 90);
  expect(scans).toMatchObject([{ type: 'scan', scan: { kind: 'member-card', text: CARD } }]);
  expect(field()).toBe('xfast typing');
});

test('held keys go back to where they were typed, also when something else has the focus by then', () => {
  const { keys, goTo, wait, field, elsewhere } = setUp();
  keys([...'tan w'], 20);
  goTo('another');
  wait(200);
  expect([field(), elsewhere]).toEqual(['tan w', []]);
});

test('the next keys are typed where they land: a place is remembered for one burst only', () => {
  const { keys, goTo, wait, field, elsewhere } = setUp();
  keys([...'tan w'], 20);
  wait(200);
  goTo('another');
  keys([...'lee'], 20);
  wait(200);
  expect([field(), elsewhere]).toEqual(['tan wle', [['another', 'e']]]);
});

test('a burst that begins right behind another has a place of its own', () => {
  const { keys, goTo, wait, field, elsewhere } = setUp();
  keys([...'tan w'], 20);
  goTo('another');
  keys(['l'], 160);
  keys([...'eew'], 5);
  wait(200);
  expect([field(), elsewhere]).toEqual(['tan wle', [['another', 'ew']]]);
});

test('of held keys only signs come back: no name of a dead key, no command done late', () => {
  const { keys, one, wait, field } = setUp('', null, 'us');
  keys([...'abc'], 5);
  one('Dead', { code: 'BracketLeft' });
  one(']', { code: 'BracketRight', hasCtrl: true });
  one('é', { code: 'KeyE' });
  wait(200);
  expect(field()).toBe('abcé');
});
