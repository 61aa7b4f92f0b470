import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFile } from '../../../../../db/open.ts';
import { SegmentEngine, type Asking, type Chosen } from '../../../../../db/replica/columns/segment-engine.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import type { ReplicaDb } from '../../../../../db/replica/types.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { agreesToMarketing } from '../../../../../sync/merge/consents.ts';
import type { AccountRow, CardRow } from '../../../../../sync/model/card.ts';
import { writeExtras, EMPTY_EXTRAS } from '../../../../../sync/model/extras.ts';
import type { MemberRow } from '../../../../../sync/model/member.ts';
import type { Condition } from '../../../../../sync/model/segment.ts';
import { compileRules } from '../../../../../sync/segments/compile.ts';
import { columnsOfOne, holdingsOf, isSegmented, personFacts } from '../../../../../sync/segments/facts.ts';
import { drawBorders } from '../../../../../sync/segments/rfm.ts';
import { closing, KEY, tempFolder } from '../../files.ts';
import * as sample from '../../samples.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');
const DAY_MS = 86_400_000;
const PEOPLE = 12;
const asking: Asking = { atMs: NOW, overrides: [] };

function newCopy() {
  const path = join(tempFolder(), 'replica.db');
  const replica = closing(openReplica({ path, keyHex: KEY }));
  const raw = closing(openFile({ path, keyHex: KEY, file: 'replica' }));
  return { replica, raw, engine: new SegmentEngine(raw) };
}

const CONDITIONS: Condition[] = [
  { test: 'withinDays', field: 'lastActive', days: 20 },
  { test: 'atLeast', field: 'purchases', number: 3 },
  { test: 'atLeast', field: 'spent', number: 4_000 },
  { test: 'oneOf', field: 'tags', values: ['vip'] },
  { test: 'noneOf', field: 'tier', values: ['gold'] },
  { test: 'oneOf', field: 'cardTypes', values: ['points'] },
  { test: 'atLeast', field: 'balance.coffee', number: 5 },
  { test: 'atLeast', field: 'recency', number: 3 },
  { test: 'oneOf', field: 'rfm', values: ['champions', 'loyal', 'lost'] },
  { test: 'oneOf', field: 'custom.dog', values: ['Rex'] },
  { test: 'oneOf', field: 'marketing', values: ['yes'] },
];
const CHOSEN: Chosen[] = CONDITIONS.map((condition) => ({
  kind: 'rules',
  rules: { match: 'all', conditions: [condition] },
}));

/** Everybody by the plain way: each person's rows, added up. */
function naiveCounts(replica: ReplicaDb): number[] {
  const rows = Array.from({ length: PEOPLE }, (_, at) => replica.member(sample.memberId(at + 1)));
  const known = rows.filter((row): row is MemberRow => row !== undefined);
  const rootOf = (row: MemberRow): MemberId => {
    const into = known.find(({ memberId }) => memberId === row.mergedIntoId);
    return into === undefined ? row.memberId : rootOf(into);
  };
  const people = known.filter(isSegmented).map((row) => {
    const selves = known.filter((other) => rootOf(other) === row.memberId);
    const hasMarketingConsent = agreesToMarketing(selves);
    const kin = selves.map(({ memberId }) => memberId);
    const cards = kin.flatMap((id) => replica.cardsOf(id));
    const holdings = holdingsOf(kin.flatMap((id) => replica.accountsOf(id)));
    return { row, cards, holdings, hasMarketingConsent };
  });
  const borders = drawBorders({
    lastActive: people.map(({ holdings }) => holdings.lastActive),
    purchases: people.map(({ holdings }) => holdings.purchases),
    spent: people.map(({ holdings }) => holdings.spent),
  });
  const facts = people.map(({ row, holdings, ...of }) => personFacts(row, holdings, { ...of, borders }));
  return CHOSEN.map(
    (each) =>
      facts.filter((one) => each.kind === 'rules' && compileRules(each.rules, columnsOfOne(one), asking)(0))
        .length,
  );
}

interface Change {
  at: number;
  isNew: boolean;
  member: Partial<MemberRow>;
  account: Partial<AccountRow>;
  card: Partial<CardRow>;
}
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.integer({ min: 1, max: PEOPLE }),
  isNew: fc.boolean(),
  member: fc.record({
    tier: fc.constantFrom('', 'gold'),
    hasMarketingConsent: fc.boolean(),
    state: fc.constantFrom('active' as const, 'blocked' as const, 'anonymised' as const),
    mergedIntoId: fc.option(
      fc.integer({ min: 1, max: PEOPLE }).map((n) => sample.memberId(n)),
      { nil: null, freq: 4 },
    ),
    extras: fc
      .record({
        tags: fc.subarray(['vip', 'new']),
        dog: fc.boolean(),
        isRemoved: fc.constantFrom(false, false, true),
      })
      .map(({ tags, dog, isRemoved }) =>
        writeExtras({ ...EMPTY_EXTRAS, tags, isRemoved, custom: dog ? { dog: 'Rex' } : {} }),
      ),
  }),
  account: fc.record({
    balance: fc.integer({ min: -2, max: 12 }),
    purchaseCount: fc.integer({ min: 0, max: 6 }),
    spentMinor: fc.integer({ min: 0, max: 9_000 }),
    lastEntryAtMs: fc.option(
      fc.nat(40).map((days) => NOW - days * DAY_MS),
      { nil: 0, freq: 5 },
    ),
  }),
  card: fc.record({ status: fc.constantFrom('active' as const, 'lost' as const) }),
});

test('segments and RFM kept up with every change are what a reading of all rows comes to', () => {
  fc.assert(
    fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { maxLength: 6 }), (pages) => {
      const { replica, raw, engine } = newCopy();
      let seq = 0;
      for (const page of pages) {
        const touched = new Set<MemberId>();
        for (const { at, member, account, card } of page) {
          seq += 1;
          // A circle is never confirmed: a member goes on only as one of a higher number.
          const into = member.mergedIntoId;
          const mergedIntoId =
            into !== null && into !== undefined && into > sample.memberId(at) ? into : null;
          replica.apply(
            sample.rows({
              members: [sample.member(at, { ...member, mergedIntoId, seq })],
              cards: [sample.card(at, { ...card, seq })],
              accounts: [sample.account(at, { ...account, seq })],
            }),
            { epoch: 'e', cursor: seq, isSettled: true },
          );
          touched.add(sample.memberId(at));
        }
        engine.touch({ memberIds: [...touched], accountNos: [] });
        // Fifths stay for a day: a fresh reading of the rows draws them anew.
        const fresh = new SegmentEngine(raw);
        expect(fresh.count(CHOSEN, asking)).toEqual(naiveCounts(replica));
        engine.borders({ ...asking, atMs: NOW - DAY_MS });
        engine.borders(asking);
        expect(engine.count(CHOSEN, asking)).toEqual(fresh.count(CHOSEN, asking));
        expect(engine.rfm(asking)).toEqual(fresh.rfm(asking));
        // Figures alone, without the other columns.
        expect(new SegmentEngine(raw).rfm(asking)).toEqual(fresh.rfm(asking));
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

test('whoever withdrew as a merged profile is not among those who agreed, read at once or kept up', () => {
  const { replica, raw, engine } = newCopy();
  const agreed: Chosen[] = [
    {
      kind: 'rules',
      rules: { match: 'all', conditions: [{ test: 'oneOf', field: 'marketing', values: ['yes'] }] },
    },
  ];
  const saved = (seq: number, ...members: MemberRow[]): void => {
    replica.apply(sample.rows({ members }), { epoch: 'e', cursor: seq, isSettled: true });
    engine.touch({ memberIds: members.map(({ memberId }) => memberId), accountNos: [] });
  };
  const former = { mergedIntoId: sample.memberId(1), hasMarketingConsent: true, seq: 1 };
  saved(1, sample.member(1, { hasMarketingConsent: true, seq: 1 }), sample.member(2, former));
  expect(engine.count(agreed, asking)).toEqual([1]);
  saved(2, sample.member(2, { ...former, hasMarketingConsent: false, seq: 2 }));
  expect([engine, new SegmentEngine(raw)].map((each) => each.count(agreed, asking))).toEqual([[0], [0]]);
});

test('members of a segment come a page at a time, each once, as many as are counted', () => {
  const { replica, engine } = newCopy();
  replica.apply(sample.shopRows(PEOPLE), { epoch: 'e', cursor: 1, isSettled: true });
  const all: Chosen = {
    kind: 'rules',
    rules: { match: 'all', conditions: [{ test: 'known', field: 'created' }] },
  };
  const [count] = engine.count([all], asking);
  const pages = [0, 5, 10].map((offset) => engine.list(all, asking, { offset, limit: 5 }));
  expect(pages.map(({ total }) => total)).toEqual([count, count, count]);
  const ids = pages.flatMap(({ memberIds }) => memberIds);
  expect(new Set(ids).size).toBe(PEOPLE);
  expect(ids.length).toBe(PEOPLE);
});

test('own ops stand over the confirmed rows: each person counts once, as this till sees them', () => {
  const { replica, engine } = newCopy();
  replica.apply(sample.shopRows(3), { epoch: 'e', cursor: 1, isSettled: true });
  const vip: Chosen = {
    kind: 'rules',
    rules: { match: 'all', conditions: [{ test: 'oneOf', field: 'tags', values: ['vip'] }] },
  };
  expect(engine.count([vip], asking)).toEqual([0]);
  const facts = { words: { tags: ['vip'] }, numbers: {} };
  const overrides = [
    { memberId: sample.memberId(2), facts },
    { memberId: sample.memberId(9), facts },
    { memberId: sample.memberId(3), facts: null },
  ];
  expect(engine.count([vip], { ...asking, overrides })).toEqual([2]);
  expect(engine.list(vip, { ...asking, overrides }, { offset: 0, limit: 10 })).toEqual({
    total: 2,
    memberIds: [sample.memberId(2), sample.memberId(9)],
  });
  const all: Chosen = {
    kind: 'rules',
    rules: { match: 'all', conditions: [{ test: 'noneOf', field: 'tags', values: ['x'] }] },
  };
  expect(engine.count([all], { ...asking, overrides })).toEqual([3]);
});
