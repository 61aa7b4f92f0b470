import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from '../../../../electron/hosts/line-json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('lines come out whole, however the bytes were cut', () => {
  const line = fc
    .string({ unit: 'binary', maxLength: 30 })
    .map((text) => text.replaceAll('\n', '.').toWellFormed());
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(200)), (lines, cuts) => {
      const all = bytes(lines.map((each) => `${each}\n`).join(''));
      const splitter = createLineSplitter(1_000);
      const edges = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
      const got = edges.slice(1).flatMap((end, at) => splitter.push(all.subarray(edges[at], end)));
      expect(got).toEqual(lines);
    }),
  );
});

test('what has no line end yet waits', () => {
  const splitter = createLineSplitter(100);
  expect([splitter.push(bytes('{"a"')), splitter.push(bytes(':1}\n{'))]).toEqual([[], ['{"a":1}']]);
});

test('a line at the limit passes, one byte more is refused before it is stored', () => {
  expect(createLineSplitter(4).push(bytes('abcd\n'))).toEqual(['abcd']);
  const splitter = createLineSplitter(4);
  splitter.push(bytes('abcd'));
  expect(() => splitter.push(bytes('e'))).toThrow(RangeError);
});
