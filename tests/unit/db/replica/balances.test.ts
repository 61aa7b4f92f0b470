import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyBalancesInSlices, applyInSlices, slicesBy } from '../../../../db/replica/apply-slices.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import type { ReplicaDb } from '../../../../db/replica/types.ts';
import type { Balance } from '../../../../sync/feed/balance-lane.ts';
import {
  accountRowHash,
  addToDigest,
  bucketOfId,
  bucketOfNo,
  cardHash,
  emptyDigest,
  memberHash,
} from '../../../../sync/feed/digest.ts';
import { roundSpent } from '../../../../sync/model/spent-level.ts';
import type { Rows } from '../../../../sync/model/feed.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import * as sample from '../samples.ts';

const AT = { epoch: 'e', cursor: 10, isSettled: true };
const newReplica = () => closing(openReplica({ path: join(tempFolder(), 'replica.db'), keyHex: KEY }));
const balance = (accountNo: number, changed: Partial<Balance> = {}): Balance => ({
  accountNo,
  balance: 7,
  entryCount: 4,
  lastEntryAtMs: 60_000,
  purchaseCount: 3,
  spentMinor: roundSpent(4_000, 3),
  ...changed,
});
const nextTurn = () => Promise.resolve();

/** Digests of all rows, counted anew. */
function countedAnew(replica: ReplicaDb) {
  const all = { members: emptyDigest(), cards: emptyDigest(), accounts: emptyDigest() };
  replica.eachRow({
    member: (row) => addToDigest(all.members, bucketOfId(row.memberId), { count: 1, sum: memberHash(row) }),
    card: (row) => addToDigest(all.cards, bucketOfId(row.cardId), { count: 1, sum: cardHash(row) }),
    account: (row) =>
      addToDigest(all.accounts, bucketOfNo(row.accountNo ?? -1), { count: 1, sum: accountRowHash(row) }),
  });
  return all;
}

describe('new balances', () => {
  test('change the figures alone, as of their number; the rest of the row stays', () => {
    const replica = newReplica();
    replica.apply(sample.shopRows(3), AT);
    replica.applyBalances([balance(1), balance(3, { balance: -2 })], { ...AT, cursor: 20, seq: 20 });
    const { accountNo: _no, ...figures } = balance(1);
    expect(replica.account(sample.accountId(1))).toEqual(sample.account(1, { seq: 20, ...figures }));
    expect(replica.account(sample.accountId(2))).toEqual(sample.account(2));
    expect(replica.account(sample.accountId(3))?.balance).toBe(-2);
    expect(replica.meta().cursor).toBe(20);
    expect(replica.digests()).toEqual(countedAnew(replica));
  });

  test('that are older than the row are passed over', () => {
    const replica = newReplica();
    replica.apply(sample.rows({ accounts: [sample.account(1, { seq: 50 })] }), AT);
    replica.applyBalances([balance(1)], { ...AT, seq: 49 });
    expect(replica.account(sample.accountId(1))).toEqual(sample.account(1, { seq: 50 }));
  });

  test('of an account that is not here are an error, and nothing of the page stays', () => {
    const replica = newReplica();
    replica.apply(sample.shopRows(2), AT);
    const act = () => replica.applyBalances([balance(1), balance(5)], { ...AT, cursor: 30, seq: 30 });
    expect(act).toThrow('account 5, which is not in the copy');
    expect(replica.account(sample.accountId(1))).toEqual(sample.account(1));
    expect(replica.meta().cursor).toBe(10);
    replica.apply(sample.rows({ members: [sample.member(9)] }), AT);
    expect(replica.digests()).toEqual(countedAnew(replica));
  });
});

describe('digests', () => {
  test('noted with each page are those of the rows, in whatever order and however often they come', () => {
    const page = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }), fc.nat(2)),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(fc.array(page, { maxLength: 6 }), (pages) => {
        const replica = newReplica();
        for (const changes of pages) {
          const rows = sample.rows({
            members: changes.map(([n, seq, value]) => sample.member(n, { seq, notes: `${value}` })),
            cards: changes.map(([n, seq, value]) => sample.card(n, { seq, statusReason: `${value}` })),
            accounts: changes.map(([n, seq, value]) => sample.account(n, { seq, balance: value })),
          });
          replica.apply(rows, AT);
        }
        expect(replica.digests()).toEqual(countedAnew(replica));
      }),
      { numRuns: 40 },
    );
  });

  test('of an empty copy, and of one that was cleared, are empty', () => {
    const replica = newReplica();
    const empty = replica.digests();
    replica.apply(sample.shopRows(5), AT);
    expect(replica.digests()).not.toEqual(empty);
    replica.clear();
    expect(replica.digests()).toEqual(empty);
  });
});

describe('a page in slices', () => {
  test('is the same page: no row is lost, doubled or moved', () => {
    const sizes = fc.record({
      members: fc.nat(7),
      cards: fc.nat(7),
      entries: fc.nat(7),
      max: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(sizes, ({ members, cards, entries, max }) => {
        const all = sample.shopRows(7);
        const rows = sample.rows({
          members: all.members.slice(0, members),
          cards: all.cards.slice(0, cards),
          entries: all.entries.slice(0, entries),
        });
        const slices = [...slicesBy(rows, () => max)];
        const join_ = (key: keyof Rows) => slices.flatMap((slice) => slice[key] as object[]);
        for (const key of ['documents', 'members', 'cards', 'accounts', 'entries'] as const)
          expect(join_(key)).toEqual(rows[key]);
        const sizesOf = slices.map((slice) =>
          Object.values(slice).reduce((sum, each) => sum + each.length, 0),
        );
        expect(Math.max(...sizesOf)).toBeLessThanOrEqual(max);
        expect(sizesOf.slice(0, -1).every((size) => size === max)).toBe(true);
      }),
    );
  });

  test('moves the cursor with its last slice only; cut before that, the same page ends it', async () => {
    const replica = newReplica();
    const rows = sample.shopRows(600);
    const at = { epoch: 'e', cursor: 700, isSettled: true };
    const cut = applyInSlices(replica, rows, {
      at,
      pause: () => {
        expect(replica.meta().cursor).toBe(0);
        const { accounts } = replica.counts();
        return accounts === 0 ? Promise.resolve() : Promise.reject(new Error('cut'));
      },
    });
    await expect(cut).rejects.toThrow('cut');
    expect(replica.counts().members).toBe(600);
    expect(replica.meta()).toEqual({ epoch: 'e', cursor: 0, settled: 0 });
    await applyInSlices(replica, rows, { at, pause: nextTurn });
    expect(replica.meta()).toEqual({ epoch: 'e', cursor: 700, settled: 700 });
    expect(replica.counts()).toEqual({ members: 600, cards: 600, accounts: 600, entries: 600 });
    expect(replica.digests()).toEqual(countedAnew(replica));
    const changes = rows.accounts.map(({ accountNo }) => balance(accountNo ?? 0, { balance: 1 }));
    await applyBalancesInSlices(replica, changes, { at: { ...at, cursor: 800, seq: 800 }, pause: nextTurn });
    expect(replica.meta().cursor).toBe(800);
    expect(replica.accountsOf(sample.memberId(600)).map((account) => account.balance)).toEqual([1]);
    await applyBalancesInSlices(replica, [], { at: { ...at, cursor: 900, seq: 900 }, pause: nextTurn });
    expect(replica.meta().cursor).toBe(900);
  });
});

test('rows of one moment are read while pages come in between', async () => {
  const replica = newReplica();
  replica.apply(sample.shopRows(600), { epoch: 'e', cursor: 600, isSettled: true });
  const seen: number[] = [];
  let isChanged = false;
  const visit = {
    member: () => {},
    card: () => {},
    account: ({ balance: units }: { balance: number }) => void seen.push(units),
  };
  const cursor = await replica.eachRowInSlices(visit, () => {
    if (!isChanged)
      replica.applyBalances([balance(600)], { epoch: 'e', cursor: 700, isSettled: true, seq: 700 });
    isChanged = true;
    return Promise.resolve();
  });
  expect([cursor, seen.length, new Set(seen)]).toEqual([600, 600, new Set([3])]);
  expect([isChanged, replica.account(sample.accountId(600))?.balance]).toEqual([true, 7]);
});
