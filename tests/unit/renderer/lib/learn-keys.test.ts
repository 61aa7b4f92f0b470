import { expect, test } from 'vitest';
import { KNOWN_KEYS, KNOWN_KEYS_WITHOUT_GS } from '../../../../renderer/lib/known-code.ts';
import { learnKeys, readSample, type KeySample } from '../../../../renderer/lib/learn-keys.ts';
import { must } from '../../../../sync/base/must.ts';
import { pressed, typed } from '../features/scanners/keys.ts';

const sampleOf = (keys: Parameters<typeof readSample>[0]): KeySample =>
  must(readSample(keys), 'the code is in it');
const threeOf = (sample: KeySample) => learnKeys([sample, sample, sample]);

test('a scanner that types right: Enter at the end, the system’s layout, nothing to set', () => {
  const sample = sampleOf(typed(`${KNOWN_KEYS}\r`));
  expect(sample).toEqual({
    prefix: null,
    hasTillKey: false,
    before: '',
    layout: 'os',
    end: 'Enter',
    keepsGroupSign: true,
    medianGapMs: 8,
  });
  expect(threeOf(sample)).toMatchObject({
    setting: { prefix: null, layout: 'os', identifiers: 'none' },
    warnings: [],
  });
});

test('a US scanner on another keyboard is read by the place of its keys', () => {
  expect(threeOf(sampleOf(typed(`${KNOWN_KEYS}\r`, { isAzerty: true })))?.setting.layout).toBe('us');
});

test('a start key in front becomes the prefix, and its speed then does not matter', () => {
  const start = pressed({ code: 'F13', key: 'F13' });
  const slow = sampleOf([start, ...typed(`${KNOWN_KEYS}\r`, { gapMs: 60, startMs: 60 })]);
  expect(threeOf(slow)).toMatchObject({ setting: { prefix: { code: 'F13', hasCtrl: false } }, warnings: [] });
  expect(sampleOf([pressed({ code: 'F8', key: 'F8' }), ...typed(KNOWN_KEYS)]).prefix).toBeNull();
  const stx = pressed({ code: 'KeyB', key: 'b', hasCtrl: true });
  expect(sampleOf([stx, ...typed(KNOWN_KEYS)]).prefix).toEqual({ code: 'KeyB', hasCtrl: true });
});

test('Caps Lock and signs by their number do not hide the code', () => {
  const capped = typed(`${KNOWN_KEYS}\r`).map((key) => {
    if (!/^[a-zA-Z]$/.test(key.key)) return key;
    const upper = key.key.toUpperCase();
    return { ...key, isCapsLock: true, key: key.key === upper ? key.key.toLowerCase() : upper };
  });
  expect(sampleOf(capped)).toMatchObject({ layout: 'os', before: '' });
  const alt = { hasAlt: true, isTrusted: true } as const;
  const byNumber = [
    pressed({ code: 'AltLeft', key: 'Alt', ...alt }),
    ...['0', '9', '7'].map((digit) => pressed({ code: `Numpad${digit}`, key: digit, ...alt })),
  ];
  expect(sampleOf([...byNumber, ...typed(`${KNOWN_KEYS.slice(1)}\r`)])).toMatchObject({ before: '' });
});

test('an identifier in front is switched on; any other text there is warned of', () => {
  const withFront = (front: string): KeySample => ({ ...sampleOf(typed(`${KNOWN_KEYS}\r`)), before: front });
  expect(threeOf(withFront(']C0'))).toMatchObject({ setting: { identifiers: 'aim' }, warnings: [] });
  expect(threeOf(withFront('POS'))).toMatchObject({
    setting: { identifiers: 'none' },
    warnings: ['text-in-front'],
  });
});

test('what keeps a till from telling it is said: no end, as slow as a person, a lost group sign', () => {
  expect(threeOf(sampleOf(typed(KNOWN_KEYS, { gapMs: 60 })))?.warnings).toEqual(['no-end', 'too-slow']);
  expect(threeOf(sampleOf(typed(`${KNOWN_KEYS_WITHOUT_GS}\r`)))?.warnings).toEqual(['lost-group-sign']);
});

test('another code is no sample, and scans that differ teach nothing; a pause that differs does not count', () => {
  expect(readSample(typed('4006381333931\r'))).toBeNull();
  expect(readSample([])).toBeNull();
  const sample = sampleOf(typed(`${KNOWN_KEYS}\r`));
  expect(learnKeys([sample, { ...sample, end: 'none' }, sample])).toBeNull();
  expect(learnKeys([sample, { ...sample, medianGapMs: 12 }])?.sample.medianGapMs).toBe(12);
});

test('a start key that is one of the till’s own is warned of: each scan would press it', () => {
  const withF8 = sampleOf([pressed({ code: 'F8', key: 'F8' }), ...typed(`${KNOWN_KEYS}\r`, { startMs: 8 })]);
  expect(threeOf(withF8)).toMatchObject({ setting: { prefix: null }, warnings: ['till-key'] });
});
