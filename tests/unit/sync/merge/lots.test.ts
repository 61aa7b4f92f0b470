import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId, type OpId } from '../../../../sync/base/ids.ts';
import type { Op, OpBody } from '../../../../sync/model/op.ts';
import { lotsOf } from '../../../../sync/programmes/lots.ts';
import { createdBody, createRowTable, makeOp, IDS, ON_CARD } from '../../../parts/ops.ts';

const T = 1_700_000_002_000;
const earned = (points: number, amountMinor: number | null, atMs = T): Op =>
  makeOp({ kind: 'points.credited', ...ON_CARD, points, amountMinor, receiptNo: 'R1', reason: '' }, { atMs });
const edited = (of: Op, [old, newUnits]: readonly [number, number], changed: object = {}): Op =>
  makeOp({
    kind: 'purchase.edited',
    ...ON_CARD,
    correctsOpId: of.opId,
    entryId: newId<OpId>(),
    delta: -old,
    newUnits,
    amountMinor: newUnits * 100 + 1,
    reason: 'typed wrong',
    ...changed,
  } as OpBody);
const NOON = Date.UTC(2026, 10, 22, 12);
const expired = (of: Op, points: number, { till = 'a', day = '2026-11-22' } = {}): Op =>
  makeOp({ kind: 'points.expired', ...ON_CARD, points, lotOpId: of.opId, day }, { till, atMs: NOON });

function tableAfter(...ops: Op[]) {
  const table = createRowTable();
  table.apply(makeOp(createdBody()));
  for (const op of ops) table.apply(op);
  return table;
}
const balanceOf = (table: ReturnType<typeof createRowTable>) => {
  const account = table.accounts.get(IDS.account);
  const sum = [...table.entries.values()].reduce((total, { delta }) => total + delta, 0);
  expect(account?.balance).toBe(sum);
  expect(account?.entryCount).toBe(table.entries.size);
  return sum;
};

test('an amount put right counters its entry and books it anew: the balance is as if it had been typed so', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999 }), fc.nat(999), fc.nat(999), (old, anew, other) => {
      const first = earned(old, old * 100);
      const more = earned(other + 1, null, T + 1);
      const edit = edited(first, [old, anew]);
      const table = tableAfter(first, more);
      expect(table.apply(edit)?.held).toBeNull();
      expect(balanceOf(table)).toBe(anew + other + 1);
      const counter = table.entries.get(edit.opId);
      const booked = [...table.entries.values()].find(({ amountMinor }) => amountMinor === anew * 100 + 1);
      expect(counter).toMatchObject({ kind: 'purchase.edited', delta: -old, correctsOpId: first.opId });
      expect(booked).toMatchObject({
        kind: 'points.credited',
        delta: anew,
        receiptNo: 'R1',
        cardTypeVersion: 1,
        correctsOpId: null,
        reason: 'typed wrong',
      });
    }),
  );
});

test('a purchase is edited once: a second edit, or an undo, of the same entry waits', () => {
  const first = earned(5, 500);
  const table = tableAfter(first, edited(first, [5, 7]));
  expect(table.apply(edited(first, [5, 9]))).toEqual({ held: 'already_corrected' });
  const undo = {
    kind: 'entry.corrected',
    ...ON_CARD,
    correctsOpId: first.opId,
    delta: -5,
    reason: '',
  } as const;
  expect(table.apply(makeOp(undo))).toEqual({ held: 'already_corrected' });
  expect(balanceOf(table)).toBe(7);
});

test('what came of an edit can be edited and undone like any entry', () => {
  const first = earned(5, 500);
  const edit = edited(first, [5, 7]);
  const table = tableAfter(first, edit);
  const { entryId } = edit.body as { entryId: OpId };
  const again = edited({ ...edit, opId: entryId }, [7, 3]);
  expect(table.apply(again)?.held).toBeNull();
  expect(balanceOf(table)).toBe(3);
});

test.each([
  ['counters other units', {}, 4],
  ['names another rule version than the entry’s', { cardTypeVersion: 2 }, 5],
])('an edit that %s is no till’s of ours', (_, changed, old) => {
  const first = earned(5, 500);
  expect(tableAfter(first).apply(edited(first, [old, 7], changed))).toEqual({ held: 'bad_body' });
});

test('an edit of what was no purchase is none, nor one that books under a known id', () => {
  const byHand = earned(5, null);
  expect(tableAfter(byHand).apply(edited(byHand, [5, 7]))).toEqual({ held: 'bad_body' });
  const first = earned(5, 500);
  const taken = edited(first, [5, 7], { entryId: first.opId });
  expect(tableAfter(first).apply(taken)).toEqual({ held: 'bad_body' });
});

test('a lot expires once, whoever says it and how often', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 6 }), (tills) => {
      const first = earned(9, 900);
      const table = tableAfter(first);
      for (const till of tills) expect(table.apply(expired(first, 4, { till }))?.held).toBeNull();
      expect(balanceOf(table)).toBe(5);
    }),
  );
});

test('a lot does not end before its day has come: not by the op’s own day, nor by the clock that the centre puts right', () => {
  const first = earned(9, null);
  const ahead = { ...expired(first, 9, { day: '2027-11-22' }), businessDay: '2027-11-22' };
  for (const early of [ahead, expired(first, 9, { day: '2026-11-23' })]) {
    const table = tableAfter(first);
    expect(table.apply(early)).toMatchObject({ held: null, changes: [] });
    expect(balanceOf(table)).toBe(9);
    // It ends all the same once somebody runs it on its day.
    table.apply(expired(first, 9, { till: 'b' }));
    expect(balanceOf(table)).toBe(0);
  }
});

test('an undone lot does not expire, and an expired one is not undone', () => {
  const first = earned(9, 900);
  const undo = makeOp({
    kind: 'entry.corrected',
    ...ON_CARD,
    correctsOpId: first.opId,
    delta: -9,
    reason: '',
  });
  const undone = tableAfter(first, undo);
  undone.apply(expired(first, 9));
  expect(balanceOf(undone)).toBe(0);
  const gone = tableAfter(first, expired(first, 9));
  expect(gone.apply(undo)).toEqual({ held: 'already_corrected' });
});

test('an edit, and the edit of an edit, counts on the day of the purchase: nothing grows younger by it', () => {
  const onDay = (op: Op, businessDay: string): Op => ({ ...op, businessDay });
  const first = onDay(earned(5, 500), '2026-01-10');
  const edit = onDay(edited(first, [5, 7]), '2026-01-14');
  const { entryId } = edit.body as { entryId: OpId };
  const again = onDay(edited({ ...edit, opId: entryId }, [7, 3]), '2026-01-19');
  const table = tableAfter(first, edit, again);
  const entries = [...table.entries.values()].filter(({ delta }) => delta !== 0);
  expect(entries.map(({ delta, businessDay }) => `${businessDay} ${delta}`).toSorted()).toEqual([
    '2026-01-10 -5',
    '2026-01-10 -7',
    '2026-01-10 3',
    '2026-01-10 5',
    '2026-01-10 7',
  ]);
  expect(lotsOf(entries).filter(({ left }) => left > 0)).toMatchObject([{ day: '2026-01-10', left: 3 }]);
});
