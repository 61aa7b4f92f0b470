import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  areSingle,
  differing,
  hashRange,
  splitRange,
  spanOf,
  toRanges,
  type RangeHash,
} from '../../../../sync/close/ranges.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';

const hashOf = (text: string): string => testCrypto.sha256Hex(text).slice(0, 32);

/** Asks as a till does, until only single ops are left. Returns their numbers and how often it asked. */
function narrowDown(size: number, own: ReadonlyMap<number, string>, theirs: ReadonlyMap<number, string>) {
  const hashed = (fromTseq: number, toTseq: number): RangeHash =>
    hashRange({ fromTseq, toTseq }, (tseq) => own.get(tseq), testCrypto);
  let asked = [hashed(1, size)];
  for (let questions = 1; ; questions += 1) {
    const parts = differing(asked, (tseq) => theirs.get(tseq), testCrypto);
    if (areSingle(parts)) return { tseqs: parts.map(({ fromTseq }) => fromTseq), questions };
    asked = parts.flatMap(splitRange).map(({ fromTseq, toTseq }) => hashed(fromTseq, toTseq));
  }
}

test('whatever is changed or lost, exactly that is named', () => {
  const size = 3_000;
  const own = new Map(Array.from({ length: size }, (_, at) => [at + 1, hashOf(`op ${at + 1}`)]));
  const change = fc.record({ tseq: fc.integer({ min: 1, max: size }), isLost: fc.boolean() });
  fc.assert(
    fc.property(fc.uniqueArray(change, { maxLength: 20, selector: ({ tseq }) => tseq }), (changes) => {
      const theirs = new Map(own);
      for (const { tseq, isLost } of changes) {
        if (isLost) theirs.delete(tseq);
        else theirs.set(tseq, hashOf(`other ${tseq}`));
      }
      const { tseqs, questions } = narrowDown(size, own, theirs);
      expect(tseqs).toEqual(changes.map(({ tseq }) => tseq).sort((one, other) => one - other));
      expect(questions).toBeLessThanOrEqual(4);
    }),
    { numRuns: 60 },
  );
});

test('a quarter of a million ops are narrowed down in six questions', () => {
  const own = new Map(Array.from({ length: 250_000 }, (_, at) => [at + 1, String(at)]));
  const theirs = new Map(own).set(123_456, 'other');
  expect(narrowDown(250_000, own, theirs)).toEqual({ tseqs: [123_456], questions: 6 });
});

test('two ops that changed places are a difference, and so is one that moved its number', () => {
  const own = new Map([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
  const swapped = new Map([
    [1, 'b'],
    [2, 'a'],
    [3, 'c'],
  ]);
  expect(narrowDown(3, own, swapped).tseqs).toEqual([1, 2]);
  expect(
    narrowDown(
      3,
      own,
      new Map([
        [1, 'a'],
        [2, 'b'],
      ]),
    ).tseqs,
  ).toEqual([3]);
});

test('parts cover their range once, in order, at most sixteen of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 0, max: 5_000 }), (from, more) => {
      const parts = splitRange({ fromTseq: from, toTseq: from + more });
      expect(parts.length).toBeLessThanOrEqual(16);
      expect(parts[0]?.fromTseq).toBe(from);
      expect(parts.at(-1)?.toTseq).toBe(from + more);
      for (const [at, part] of parts.slice(1).entries())
        expect(part.fromTseq).toBe((parts[at]?.toTseq ?? 0) + 1);
    }),
  );
});

test('numbers become runs, and runs have a span', () => {
  expect(toRanges([1, 2, 3, 7, 9, 10])).toEqual([
    { fromTseq: 1, toTseq: 3 },
    { fromTseq: 7, toTseq: 7 },
    { fromTseq: 9, toTseq: 10 },
  ]);
  expect([spanOf(toRanges([4, 8])), spanOf([])]).toEqual([{ fromTseq: 4, toTseq: 8 }, null]);
});
