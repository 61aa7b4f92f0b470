import encoder from '@bwip-js/browser';
import { expect, test } from 'vitest';
import { toBars } from '../../../../../renderer/parts/barcode-bars.ts';
import { KNOWN_KEYS_CODE, KNOWN_TEXT } from '../../../../../renderer/lib/known-code.ts';
import { ALL_MAKERS } from '../../../../../renderer/features/scanners/mode-codes.ts';

/** Bars and gaps in turn, as the encoder itself counts them. */
function widthsOf(text: string): number[] {
  const [symbol] = encoder.raw({ bcid: 'code128', text, parse: true, parsefnc: true });
  return symbol !== undefined && 'sbs' in symbol ? symbol.sbs : [];
}

const codes = [
  KNOWN_TEXT,
  KNOWN_KEYS_CODE,
  // A card number, as a printed card has it.
  '6035553882471315',
  ...ALL_MAKERS.flatMap((maker) => maker.ways.flatMap(({ steps }) => steps)),
];

test.each(codes)('%s is drawn bar for bar as it is encoded', (code) => {
  const { bars, width } = toBars(code);
  const drawn = bars.flatMap((bar, at) => {
    const next = bars[at + 1];
    return next === undefined ? [bar.width] : [bar.width, next.x - bar.x - bar.width];
  });
  expect(drawn).toEqual(widthsOf(code));
  // Eleven modules a sign, two more at the stop.
  expect(width % 11).toBe(2);
});

test('a sign by its number and a function sign are no text', () => {
  const wordWise = toBars('PAP131.FNC3').width;
  expect(toBars('PAP131.^FNC3').width).toBeLessThan(wordWise);
});
