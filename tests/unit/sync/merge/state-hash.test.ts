import { describe, expect, test } from 'vitest';
import { roleNeeded } from '../../../../sync/merge/roles.ts';
import { createStateHash } from '../../../../sync/merge/state-hash.ts';
import { undoneReason } from '../../../../sync/model/card.ts';
import { EMPTY_EXTRAS, writeExtras } from '../../../../sync/model/extras.ts';
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

describe('a member whose import was undone', () => {
  const undone = (n: number, asOf: number) =>
    sample.member(n, { extras: writeExtras({ ...EMPTY_EXTRAS, isRemoved: true, undone: asOf }) });
  const hashWith = (entryCount: number, member = undone(2, 1)) => {
    const hash = createStateHash(testCrypto);
    hash.addMember(sample.member(1));
    hash.addMember(member);
    hash.addCard(sample.card(1));
    hash.addCard(sample.card(2));
    hash.addAccount(sample.account(1));
    hash.addAccount(sample.account(2, { entryCount }));
    return { value: hash.value(), counts: { ...hash.counts() } };
  };
  const without = () => {
    const hash = createStateHash(testCrypto);
    hash.addMember(sample.member(1));
    hash.addCard(sample.card(1));
    hash.addAccount(sample.account(1));
    return { value: hash.value(), counts: { ...hash.counts() } };
  };

  test('leaves the hash as if she had never been, with her cards and accounts', () => {
    expect(hashWith(1)).toEqual(without());
  });

  test('counts again once another till booked something of hers', () => {
    expect(hashWith(2).value).not.toBe(without().value);
    expect(hashWith(2).counts).toEqual({ members: 2, cards: 2, accounts: 2 });
  });

  test('who was only removed counts', () => {
    const removed = sample.member(2, { extras: writeExtras({ ...EMPTY_EXTRAS, isRemoved: true }) });
    expect(hashWith(1, removed).counts.members).toBe(2);
  });
});

describe('a card whose import was undone', () => {
  const hashWith = (entryCount: number, of: Parameters<typeof sample.card>[1] = {}) => {
    const hash = createStateHash(testCrypto);
    hash.addMember(sample.member(1));
    const ids = { memberId: sample.member(1).memberId };
    hash.addCard(sample.card(1));
    hash.addCard(sample.card(2, { ...ids, status: 'closed', statusReason: undoneReason(2), ...of }));
    hash.addAccount(sample.account(1));
    hash.addAccount(sample.account(2, { ...ids, entryCount }));
    return { value: hash.value(), counts: { ...hash.counts() } };
  };
  const without = () => {
    const hash = createStateHash(testCrypto);
    hash.addMember(sample.member(1));
    hash.addCard(sample.card(1));
    hash.addAccount(sample.account(1));
    return { value: hash.value(), counts: { ...hash.counts() } };
  };

  test('leaves the hash as if it had never been, and its member stays', () => {
    expect(hashWith(2)).toEqual(without());
  });

  test('counts again once another till booked something on it', () => {
    expect(hashWith(3).counts).toEqual({ members: 1, cards: 2, accounts: 2 });
  });

  test('only a manager undoes an import', () => {
    const { memberId, cardId } = sample.card(2);
    const closed = { kind: 'card.status', memberId, cardId, status: 'closed', reason: '' } as const;
    expect(roleNeeded(closed, 'active')).toBe('supervisor');
    expect(roleNeeded({ ...closed, undone: 2 }, 'active')).toBe('manager');
  });

  test('one that a person closed counts', () => {
    expect(hashWith(2, { statusReason: 'import undone' }).counts.cards).toBe(2);
    expect(hashWith(2, { status: 'lost' }).counts.cards).toBe(2);
  });
});

test('extras are part of it, and nothing of them is nothing', () => {
  const hash = (extras: string): string => {
    const made = createStateHash(testCrypto);
    made.addMember(sample.member(1, { extras }));
    return made.value();
  };
  expect(hash('{"tags":["vip"]}')).not.toBe(hash(''));
});
