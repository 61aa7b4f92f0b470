import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planSegments, type SegmentRef } from '../../../../sync/feed/manifest.ts';
import { emptyLaneRows } from '../../../../sync/feed/row-lane.ts';
import { rollUp, type Segment } from '../../../../sync/feed/segment.ts';
import { account, card, member } from '../../db/samples.ts';

/** A replica in a few maps, as the till's: rows first, then balances. */
function createTable() {
  const rows = new Map<string, unknown>();
  const accounts = new Map<number, object>();
  return {
    apply: ({ rows: lane, balances }: Segment): void => {
      // `seq` says as of when: it differs between a roll-up and its parts for rows of the early ones.
      for (const row of lane.members) rows.set(row.memberId, { ...row, seq: 0 });
      for (const row of lane.cards) rows.set(row.cardId, { ...row, seq: 0 });
      for (const row of lane.accounts) accounts.set(row.accountNo ?? 0, { ...row, seq: 0 });
      for (const { accountNo, ...figures } of balances) {
        expect(accounts.has(accountNo)).toBe(true);
        accounts.set(accountNo, { ...accounts.get(accountNo), ...figures });
      }
    },
    state: () => [Object.fromEntries(rows), Object.fromEntries(accounts)],
  };
}

/** What a centre may cut: accounts are numbered as they come, balances are of accounts that exist. */
const changes = fc.array(
  fc.array(fc.record({ of: fc.nat(30), isNew: fc.boolean(), value: fc.nat(1_000) }), { maxLength: 12 }),
  { minLength: 1, maxLength: 12 },
);

function toSegments(plan: { of: number; isNew: boolean; value: number }[][]): Segment[] {
  let accountsMade = 0;
  return plan.map((steps, at) => {
    const toSeq = (at + 1) * 10;
    const rows = emptyLaneRows();
    const known = accountsMade;
    const balances = new Map<number, Segment['balances'][number]>();
    for (const { of, isNew, value } of steps) {
      if (isNew || known === 0) {
        accountsMade += 1;
        const figures = { accountNo: accountsMade, balance: value, seq: toSeq };
        rows.accounts.push(account(accountsMade, figures));
        rows.cards.push(card(accountsMade, { seq: toSeq }));
      } else {
        const accountNo = 1 + (of % known);
        balances.set(accountNo, {
          accountNo,
          balance: value,
          entryCount: value,
          lastEntryAtMs: 60_000 * of,
          purchaseCount: value,
          spentMinor: 0,
        });
        rows.members.push(member(of, { seq: toSeq, notes: String(value) }));
      }
    }
    const sorted = [...balances.values()].sort((left, right) => left.accountNo - right.accountNo);
    return { fromSeq: at * 10, toSeq, rows, balances: sorted };
  });
}

test('a roll-up of segments is the same as one after the other, however they are grouped', () => {
  fc.assert(
    fc.property(changes, fc.nat(), (plan, cut) => {
      const segments = toSegments(plan);
      const [one, byOne, nested] = [createTable(), createTable(), createTable()];
      one.apply(rollUp(segments));
      for (const segment of segments) byOne.apply(segment);
      const middle = cut % segments.length;
      if (middle > 0)
        nested.apply(rollUp([rollUp(segments.slice(0, middle)), rollUp(segments.slice(middle))]));
      else nested.apply(rollUp(segments.map((segment) => rollUp([segment]))));
      expect(one.state()).toEqual(byOne.state());
      expect(nested.state()).toEqual(byOne.state());
    }),
  );
});

test('segments with a gap between them are not rolled up', () => {
  const [first, second, third] = toSegments([[], [], []]) as [Segment, Segment, Segment];
  expect(rollUp([first, second])).toMatchObject({ fromSeq: 0, toSeq: 20 });
  expect(() => rollUp([first, third])).toThrow('gap');
});

const ref = (fromSeq: number, toSeq: number, bytes: number): SegmentRef => ({
  segmentId: 1,
  level: 0,
  fromSeq,
  toSeq,
  balances: { bytes, sha256: '0'.repeat(64), count: 1 },
  rows: null,
});
const spans = (plan: SegmentRef[] | null): unknown =>
  plan?.map(({ fromSeq, toSeq }) => [fromSeq, toSeq]) ?? null;

test('a plan is the cheapest chain that begins at or before the cursor and reaches the newest number', () => {
  const fine = [ref(0, 10, 900), ref(10, 20, 900), ref(20, 30, 900)];
  const coarse = ref(0, 30, 1_500);
  expect(spans(planSegments([...fine, coarse], 0))).toEqual([[0, 30]]);
  expect(spans(planSegments([...fine, coarse], 20))).toEqual([[20, 30]]);
  expect(spans(planSegments([coarse, ref(30, 35, 10)], 25))).toEqual([
    [0, 30],
    [30, 35],
  ]);
  expect(spans(planSegments(fine, 30))).toEqual([]);
  expect(spans(planSegments(fine.slice(1), 5))).toBe(null);
  expect(spans(planSegments([ref(0, 10, 1), ref(20, 30, 1)], 5))).toBe(null);
  expect(spans(planSegments([], 0))).toBe(null);
});
