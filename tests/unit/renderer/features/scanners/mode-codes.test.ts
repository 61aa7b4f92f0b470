import { expect, test } from 'vitest';
import { ALL_MAKERS, modesOf } from '../../../../../renderer/features/scanners/mode-codes.ts';

const ways = ALL_MAKERS.flatMap(({ maker, ways: all, names }) =>
  all.map((way) => ({ ...way, maker, name: names[way.mode] })),
);

test.each(ALL_MAKERS)(
  '$maker: whatever brings a scanner out of its keyboard mode has a way back beside it',
  (maker) => {
    const modes = maker.ways.map(({ mode }) => mode);
    expect(modes.includes('keyboard')).toBe(maker.names.keyboard !== '');
    expect(new Set(modes).size).toBe(modes.length);
  },
);

test.each(ways)(
  '$maker, $mode: the mode has its maker’s name, and settings that are opened are closed',
  (way) => {
    expect(way.name).not.toBe('');
    const [first = ''] = way.steps;
    const isOpened = first.endsWith('SETUPE1');
    expect(way.steps).toHaveLength(isOpened ? 3 : 1);
    expect(way.steps.at(-1)?.endsWith('SETUPE0')).toBe(isOpened);
  },
);

test('a barcode that says “no text” says so by the function sign, at one end', () => {
  for (const step of ways.flatMap(({ steps }) => steps).filter((code) => code.includes('FNC3')))
    expect(step).toMatch(/^(\^FNC3[^^]+(\^013)?|[^^]+\^FNC3)$/);
});

test('each maker is known by its own number, and one that is not known by none', () => {
  expect([0x05e0, 0x05f9, 0x065a, 0x0c2e, 0x1eab, 0x23d0].map((id) => modesOf(id)?.maker)).toEqual([
    'Zebra',
    'Datalogic',
    'Opticon',
    'Honeywell',
    'Newland',
    'Youjie',
  ]);
  expect(modesOf(0x1234)).toBeNull();
  expect(modesOf(null)).toBeNull();
});
