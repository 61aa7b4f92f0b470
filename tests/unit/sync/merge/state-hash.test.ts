import { expect, test } from 'vitest';
import { createStateHash } from '../../../../sync/merge/state-hash.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import * as sample from '../../db/samples.ts';

const hashOf = (...numbers: number[]): string => {
  const hash = createStateHash(testCrypto);
  for (const n of numbers) hash.addAccount(sample.account(n));
  return hash.value();
};

test('the state hash does not depend on the order of rows', () => {
  expect(hashOf(1, 2, 3)).toBe(hashOf(3, 1, 2));
});

test('equal rows do not cancel: two mistakes must not look like none', () => {
  const hash = (rows: readonly number[], other: readonly number[]): [string, string] => [
    hashOf(...rows),
    hashOf(...other),
  ];
  const [twice, others] = hash([1, 1, 3], [2, 2, 3]);
  expect(twice).not.toBe(others);
});

test('the number as of when a row is known is no part of it', () => {
  const [one, other] = [createStateHash(testCrypto), createStateHash(testCrypto)];
  one.addAccount(sample.account(1, { seq: 5 }));
  other.addAccount(sample.account(1, { seq: 9 }));
  expect(one.value()).toBe(other.value());
});
