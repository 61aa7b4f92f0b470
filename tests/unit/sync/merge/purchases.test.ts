import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StaffId } from '../../../../sync/base/ids.ts';
import type { EntryRow } from '../../../../sync/model/card.ts';
import { createdBody, createRowTable, IDS, makeOp, ON_CARD } from '../../../parts/ops.ts';

const secondId = 'staff-2' as StaffId;
const bought = { ...ON_CARD, receiptNo: '' };
const amount = fc.option(fc.integer({ min: 1, max: 50_000 }), { nil: null });
/** What tills may book, and which earlier op is taken back. */
const step = fc.oneof(
  amount.map((amountMinor) => ({ kind: 'stamp.added', ...bought, count: 1, amountMinor }) as const),
  amount.map(
    (amountMinor) =>
      ({
        kind: 'points.credited',
        ...bought,
        points: 5,
        amountMinor,
        reason: amountMinor ? '' : 'gift',
      }) as const,
  ),
  fc.constant({ kind: 'visit.deducted', ...ON_CARD, count: 1 } as const),
  fc
    .integer({ min: 1, max: 9_999 })
    .map((creditMinor) => ({ kind: 'credit.toppedUp', ...bought, creditMinor }) as const),
  fc
    .integer({ min: 1, max: 9_999 })
    .map((creditMinor) => ({ kind: 'credit.spent', ...bought, creditMinor }) as const),
  amount.map((amountMinor) => ({ kind: 'visits.added', ...bought, count: 10, amountMinor }) as const),
  fc.constant({ kind: 'balance.forfeited', ...ON_CARD, secondId, count: 3 } as const),
  fc.constant({ kind: 'credit.paidOut', ...ON_CARD, secondId, creditMinor: 1_240 } as const),
  fc.constant({ kind: 'reward.redeemed', ...ON_CARD, rewardId: 'r', cost: 2 } as const),
  fc.nat(20).map((undo) => ({ undo })),
);

/** The plain reading of the rule over a whole ledger: what the figures must come to. */
function batchOf(entries: readonly EntryRow[]): { purchaseCount: number; spentMinor: number } {
  const undone = new Set(
    entries.filter(({ kind }) => kind === 'entry.corrected').map((each) => each.correctsOpId),
  );
  const left = entries.filter(
    ({ opId, kind, amountMinor }) =>
      !undone.has(opId) &&
      (['stamp.added', 'visit.deducted', 'credit.spent'].includes(kind) ||
        (['points.credited', 'visits.added'].includes(kind) && amountMinor !== null)),
  );
  const spent = left.map(({ kind, amountMinor, delta }) =>
    kind === 'credit.spent' ? -delta : (amountMinor ?? 0),
  );
  return { purchaseCount: left.length, spentMinor: spent.reduce((sum, each) => sum + each, 0) };
}

test('purchases and money of an account, kept with each entry, are what the whole ledger comes to', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const table = createRowTable();
      table.apply(makeOp(createdBody()));
      const made: EntryRow[] = [];
      for (const each of steps) {
        const target = 'undo' in each ? made[each.undo] : undefined;
        if ('undo' in each && target === undefined) continue;
        const body =
          target === undefined
            ? each
            : ({
                kind: 'entry.corrected',
                ...ON_CARD,
                correctsOpId: target.opId,
                delta: 0 - target.delta,
                reason: '',
              } as const);
        if ('undo' in body) continue;
        table.apply(makeOp(body));
        made.splice(0, made.length, ...table.entries.values());
      }
      const { purchaseCount, spentMinor } = table.accounts.get(IDS.account) ?? {};
      expect({ purchaseCount, spentMinor }).toEqual(batchOf([...table.entries.values()]));
    }),
  );
});

test('a correction of a correction moves units and leaves purchases as they are', () => {
  const table = createRowTable();
  table.apply(makeOp(createdBody()));
  const stamp = makeOp({ kind: 'stamp.added', ...bought, count: 1, amountMinor: 700 });
  table.apply(stamp);
  const undo = makeOp({
    kind: 'entry.corrected',
    ...ON_CARD,
    correctsOpId: stamp.opId,
    delta: -1,
    reason: '',
  });
  table.apply(undo);
  table.apply(makeOp({ kind: 'entry.corrected', ...ON_CARD, correctsOpId: undo.opId, delta: 1, reason: '' }));
  expect(table.accounts.get(IDS.account)).toMatchObject({ balance: 1, purchaseCount: 0, spentMinor: 0 });
});
