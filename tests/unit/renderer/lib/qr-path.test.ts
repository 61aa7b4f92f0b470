import encoder from '@bwip-js/browser';
import { expect, test } from 'vitest';
import { toQrPath } from '../../../../renderer/lib/qr-path.ts';

type Point = readonly [x: number, y: number];

/** The closed lines of a path of M, L, H, V and Z. */
function linesOf(path: string): Point[][] {
  const lines: Point[][] = [];
  for (const [, sign = '', rest = ''] of path.matchAll(/([MLHVZ])([^MLHVZ]*)/gi)) {
    const numbers = (rest.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
    const line = lines.at(-1) ?? [];
    const [lastX = 0, lastY = 0] = line.at(-1) ?? [];
    if (sign === 'M') lines.push([[numbers[0] ?? 0, numbers[1] ?? 0]]);
    else if (sign === 'L')
      for (let at = 0; at < numbers.length; at += 2) line.push([numbers[at] ?? 0, numbers[at + 1] ?? 0]);
    else if (sign === 'H') line.push([numbers[0] ?? 0, lastY]);
    else if (sign === 'V') line.push([lastX, numbers[0] ?? 0]);
    else if (sign !== 'Z') throw new Error(`a sign that is not read here: ${sign}`);
  }
  return lines;
}

/** Whether a point is dark by the rule of even and odd: as often as a ray from it to the right meets an edge. */
function isDark(lines: readonly Point[][], [x, y]: Point): boolean {
  let met = 0;
  for (const line of lines)
    for (const [at, [fromX, fromY]] of line.entries()) {
      const [toX, toY] = line[(at + 1) % line.length] ?? [fromX, fromY];
      if (fromY > y !== toY > y && fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX) > x) met += 1;
    }
  return met % 2 === 1;
}

test.each(['6035553882471315', 'https://kopi.example/club/i/ABCD-1234'])(
  'the QR code of %s is drawn module for module as it is encoded',
  (text) => {
    const [symbol] = encoder.raw({ bcid: 'qrcode', text });
    if (symbol === undefined || !('pixs' in symbol)) throw new Error('a QR code has modules');
    const { pixs, pixx } = symbol;
    const { path, size } = toQrPath(text);
    const step = size / pixx;
    const lines = linesOf(path);
    const drawn = Array.from({ length: pixx * pixx }, (_, at): number =>
      isDark(lines, [((at % pixx) + 0.5) * step, (Math.floor(at / pixx) + 0.5) * step]) ? 1 : 0,
    );
    expect(drawn).toEqual([...pixs]);
  },
);
