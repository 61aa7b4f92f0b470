import type { DayEntry } from '../../../db/replica/columns/day-entries.ts';
import type { StoredOp } from '../../../db/till/types.ts';
import { EntryKind, type EntryRow } from '../../../sync/model/card.ts';
import type { Op } from '../../../sync/model/op.ts';
import type { Ctx } from '../ctx.ts';
import { opsIn } from './own-ops.ts';

type Parts = Pick<Ctx, 'till' | 'replica' | 'overlay'>;

const MOVING: ReadonlySet<string> = new Set(EntryKind.options);

/** True for what makes an entry in the ledger: opening a card with nothing on it makes none. */
function isMoving({ body }: Op): boolean {
  if (body.kind === 'member.created') return (body.card?.openingUnits ?? 0) > 0;
  return body.kind === 'card.issued' ? body.openingUnits > 0 : MOVING.has(body.kind);
}

/** True where the copy may lack its entry: not acknowledged, or behind what the copy holds whole. */
const isOpen = ({ ackSeq, heldReason }: StoredOp, settled: number): boolean =>
  heldReason === null && (ackSeq === null || ackSeq > settled);

function toDayEntry({ replica, overlay }: Parts, row: EntryRow): DayEntry {
  const laid = overlay.lay(row.memberId);
  const card = laid?.cards.find(({ accountId }) => accountId === row.accountId);
  const { correctsOpId } = row;
  const undone =
    correctsOpId === null
      ? undefined
      : (laid?.openEntries.get(correctsOpId)?.row ?? replica().entry(correctsOpId));
  return { ...row, cardTypeId: card?.cardTypeId ?? null, undone: undone ?? null };
}

/**
 * Own entries of the day that the copy does not hold yet; what waits for a manager counts once it is booked. A member
 * is laid only for an action that may have such an entry: a day with an import has tens of thousands that have none.
 */
export function openEntries(parts: Parts, day: string, known: ReadonlySet<string>): DayEntry[] {
  const { till, replica, overlay } = parts;
  const { settled } = replica().meta();
  const found = new Map<string, DayEntry>();
  const isLaid = new Set<string>();
  for (const stored of opsIn(till, till.ops.dayRanges(day))) {
    const { op } = stored;
    const { memberId } = op.body;
    if (!isMoving(op) || !isOpen(stored, settled) || known.has(op.opId) || isLaid.has(memberId)) continue;
    isLaid.add(memberId);
    for (const { row, stored: made } of overlay.lay(memberId)?.openEntries.values() ?? []) {
      if (row.businessDay !== day || made.heldReason !== null) continue;
      if (!known.has(row.opId) && !found.has(row.opId)) found.set(row.opId, toDayEntry(parts, row));
    }
  }
  return [...found.values()];
}
