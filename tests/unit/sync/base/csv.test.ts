import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, csvLine, guardCell, unguardCell } from '../../../../sync/base/csv.ts';

const ATTACKS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\tcmd',
  '\rcmd',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  "'=1",
  '=HYPERLINK("http://x","y")',
];

test.each(ATTACKS)(
  'no spreadsheet takes %j for a formula: an apostrophe and quotes stand before it',
  (text) => {
    expect(csvCell(text).startsWith('"\'')).toBe(true);
  },
);

test('a guarded cell comes back as it was, and so does every other', () => {
  for (const text of ATTACKS) expect(unguardCell(guardCell(text))).toBe(text);
  fc.assert(fc.property(fc.string(), (text) => unguardCell(guardCell(text)) === text));
});

/** A plain reader of one line, as RFC 4180 has it. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length - 2; at += 1) {
    const sign = line[at] ?? '';
    if (sign === '"' && isQuoted && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"') isQuoted = !isQuoted;
    else if (sign === ',' && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += sign;
  }
  return [...cells, cell];
}

test('whatever the cells hold, a line has as many as were written, and each reads back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
      expect(readLine(csvLine(cells)).map(unguardCell)).toEqual(cells);
    }),
  );
});
