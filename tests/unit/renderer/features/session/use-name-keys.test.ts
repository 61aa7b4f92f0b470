import { expect, test } from 'vitest';
import { nextByLetter } from '../../../../../renderer/features/session/use-name-keys.ts';

const NAMES = ['Arun Pillai', 'Mei Tan', 'Priya Menon'];

test.each([
  ['p', -1, 0],
  ['P', 0, 2],
  ['p', 2, 0],
  ['t', -1, 1],
  ['x', 1, -1],
] as const)('the letter %j behind person %i leads to person %i', (letter, from, to) => {
  expect(nextByLetter(NAMES, from, letter)).toBe(to);
});
