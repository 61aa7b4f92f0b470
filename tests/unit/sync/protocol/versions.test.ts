import { expect, test } from 'vitest';
import { agree, clampTo, highestCommon, rangeOf, refusalWords } from '../../../../sync/protocol/versions.ts';

const range = (oldest: number, newest: number) => ({ oldest, newest });

test('two programs speak the highest version that both know, or none', () => {
  expect(highestCommon(range(1, 3), range(2, 5))).toBe(3);
  expect(highestCommon(range(4, 6), range(1, 4))).toBe(4);
  expect(highestCommon(range(1, 1), range(2, 3))).toBeNull();
});

test('a till that states one version knows that one alone', () => {
  expect(rangeOf({ protocol: 2 })).toEqual(range(2, 2));
  expect(rangeOf({ protocol: 2, protocols: [1, 3] })).toEqual(range(1, 3));
  // What it speaks it knows, whatever it says besides.
  expect(rangeOf({ protocol: 5, protocols: [1, 3] })).toEqual(range(1, 5));
});

test('a request is read in its own version, and answered with the highest both know', () => {
  expect(agree({ protocol: 2, protocols: [1, 3] }, range(2, 4))).toBe(3);
  expect(agree({ protocol: 3, protocols: [1, 3] }, range(1, 2))).toBeNull();
});

test('a version from elsewhere is brought into what is known', () => {
  expect([0, 2, 9].map((version) => clampTo(range(1, 3), version))).toEqual([1, 2, 3]);
});

test('a refusal says what both know, that nothing is lost, and which of the two to update', () => {
  expect(refusalWords({ protocol: 1 }, range(2, 3))).toMatch(
    /version 1 .*2 to 3.*keeps its work. Update this till/,
  );
  expect(refusalWords({ protocol: 4 }, range(2, 3))).toContain('Update the centre');
  expect(refusalWords({ protocol: 4, protocols: [3, 4] }, range(2, 3))).toContain('asks again');
});
