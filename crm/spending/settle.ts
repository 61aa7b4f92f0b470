import { must } from '../../sync/base/must.ts';
import { deltaOf, isMoving } from '../../sync/merge/entries.ts';
import type { InboxTask } from '../../sync/merge/rows.ts';
import type { OpBody, SpendCover } from '../../sync/model/op.ts';
import type { PreparedOp } from '../prepared-push.ts';
import { settleSpend, WAITS_FOR_ANSWER_MS, type Hold } from '../../sync/spending/holds.ts';
import type { WorkingSet } from '../working-set.ts';

export const coverOf = (body: OpBody | null): SpendCover | undefined =>
  body !== null && 'cover' in body ? body.cover : undefined;

/** Holds that these spends were made under, and those reserved for them whose answer came too late. */
export const holdIdsOf = (ops: readonly PreparedOp[]): string[] => [
  ...new Set(
    ops.flatMap(({ op, body }) => {
      const cover = coverOf(body);
      return cover === undefined ? [] : [op.opId, ...(cover.holdId === null ? [] : [cover.holdId])];
    }),
  ),
];

/**
 * Books a spend on what was reserved for it and on the grant that it names; changes `holds` in place. A till is not
 * believed: what its holds do not cover is the balance's to pay, and shows there. A reservation for this op ends with
 * it, used or not.
 */
export function settle(holds: Map<string, Hold>, { op, body }: PreparedOp): void {
  const cover = coverOf(body);
  if (body === null || cover === undefined || !isMoving(body)) return;
  const holdIds = [...new Set([op.opId as string, cover.holdId ?? ''])];
  const named = holdIds
    .flatMap((id) => holds.get(id) ?? [])
    .filter(({ accountId }) => accountId === body.accountId);
  const spend = { tillId: op.tillId, units: -deltaOf(body), holdIds, claimed: cover.grant };
  const kept = settleSpend(named, spend).holds;
  for (const hold of named) {
    holds.set(hold.holdId, kept.find(({ holdId }) => holdId === hold.holdId) ?? { ...hold, left: 0 });
  }
  const reserved = holds.get(op.opId);
  if (reserved?.kind === 'reservation' && reserved.tillId === op.tillId)
    holds.set(op.opId, { ...reserved, left: 0 });
}

/**
 * Sets the units of a held spend aside, in place of the holds that it was made under; changes `holds`. They were spent
 * at its till, and a manager may yet apply it: until she has answered nobody else spends them.
 */
export function setHeldAside(
  holds: Map<string, Hold>,
  prepared: PreparedOp,
  rows: Pick<WorkingSet, 'account'>,
): void {
  const { op, body } = prepared;
  if (body === null || coverOf(body) === undefined || !isMoving(body)) return;
  const { opId: holdId, tillId, incarnation } = op;
  const { accountId } = body;
  const known = holds.get(holdId);
  const isFree = known === undefined || (known.tillId === tillId && known.kind === 'reservation');
  const left = -deltaOf(body);
  if (rows.account(accountId) === undefined || !isFree || left <= 0) return;
  settle(holds, prepared);
  const kept = { holdId, accountId, tillId, incarnation, kind: 'reservation' as const };
  holds.set(holdId, { ...kept, left, lapsesAtMs: WAITS_FOR_ANSWER_MS });
}

/** A manager has answered: what `setHeldAside` kept for the op is kept no more. */
export function endHeldAside(holds: Map<string, Hold>, { opId, tillId }: PreparedOp['op']): void {
  const known = holds.get(opId);
  if (known?.kind === 'reservation' && known.tillId === tillId) holds.set(opId, { ...known, left: 0 });
}

/**
 * A balance that tills have spent below zero apart from each other: accepted, and a manager's to see, each time it
 * goes further down.
 */
export function overdrawnTask(body: OpBody, { balance, seq }: { balance: number; seq: number }): InboxTask {
  const accountId = must('accountId' in body ? body.accountId : undefined, 'an overdraft is of an account');
  const detail = { kind: 'overdrawn', accountId, balance } as const;
  return { topic: `overdrawn ${accountId} ${seq}`, memberId: body.memberId, detail };
}
