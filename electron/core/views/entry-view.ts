import type { EntryRow } from '../../../sync/model/card.ts';
import type { CardType } from '../../../sync/model/chain.ts';
import { rulesOfVersion } from '../../../sync/programmes/card-rules.ts';
import { hlcMs } from '../../../sync/base/clock.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import { type EntryView, HISTORY_MAX } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import type { Laid } from '../overlay.ts';
import { momentOf } from '../moment.ts';
import { unitOf } from './card-view.ts';
import { isEditable } from './editable.ts';

/** Whoever made an entry may counter it for so long; later it takes a supervisor. */
export const UNDO_OWN_MS = 10 * 60_000;

const NOT_UNDOABLE: ReadonlySet<EntryRow['kind']> = new Set([
  ...(['card.issued', 'entry.corrected', 'purchase.edited', 'points.expired'] as const),
]);

/** True when the signed-in person may counter this entry on this till now. */
export function canUndo(ctx: Ctx, entry: EntryRow, isCorrected: boolean): boolean {
  if (isCorrected || NOT_UNDOABLE.has(entry.kind) || ctx.session === null) return false;
  if (entry.tillId !== ctx.settings.enrolment()?.tillId) return false;
  const { staffId, role } = ctx.session.person;
  if (isAtLeast(role, 'supervisor')) return true;
  const own = entry.actorId === staffId ? ctx.till.ops.find(entry.opId) : undefined;
  // By the corrected clock: setting the PC's back must not make an old entry young. One of the future is not fresh.
  return own !== undefined && Math.abs(ctx.clock.nowMs() - hlcMs(own.op.hlc)) <= UNDO_OWN_MS;
}

/** As the version called it that made the entry; a tier by its own word. */
function rewardOf(
  type: CardType | undefined,
  entry: EntryRow,
): Pick<EntryView, 'rewardName' | 'rewardNameZh'> {
  const rules = type === undefined ? undefined : (rulesOfVersion(type, entry.cardTypeVersion) ?? type);
  const reward = rules?.rewards.find(({ rewardId }) => rewardId === entry.rewardId);
  return { rewardName: reward?.name ?? entry.rewardId, rewardNameZh: reward?.nameZh ?? '' };
}

const rank = (entry: EntryView): number => (entry.sync === 'synced' ? 0 : 1);

/** Newest first: what the centre confirmed of this store, and this till's own entries on top; the newest `max`. */
export function historyOf(ctx: Ctx, laid: Laid, max: number = HISTORY_MAX): EntryView[] {
  const confirmed = laid.people.flatMap(({ memberId }) => ctx.replica().entriesOf(memberId, max));
  const rows = [...[...laid.openEntries.values()].map((open) => open.row), ...confirmed];
  const corrected = new Set(rows.map((entry) => entry.correctsOpId).filter((id) => id !== null));
  const cards = new Map(laid.cards.map((card) => [card.cardId, card]));
  const mayEdit = ctx.session !== null && isAtLeast(ctx.session.person.role, 'supervisor');
  const today = mayEdit ? momentOf(ctx).businessDay : '';
  const toView = (entry: EntryRow): EntryView => {
    const type = ctx.directory.cardType(cards.get(entry.cardId)?.cardTypeId ?? '');
    const open = laid.openEntries.get(entry.opId);
    const isCorrected = corrected.has(entry.opId);
    return {
      opId: entry.opId,
      kind: entry.kind,
      cardId: entry.cardId,
      cardType: type?.name ?? '',
      cardTypeZh: type?.nameZh ?? '',
      unit: unitOf(type?.kind ?? 'points'),
      delta: entry.delta,
      amountMinor: entry.amountMinor,
      receiptNo: entry.receiptNo,
      ...rewardOf(type, entry),
      reason: entry.reason,
      correctsOpId: entry.correctsOpId,
      isCorrected,
      wallMs: entry.wallMs,
      businessDay: entry.businessDay,
      actorName: ctx.directory.staff(entry.actorId)?.name ?? '',
      tillId: entry.tillId,
      isOwnTill: entry.tillId === ctx.settings.enrolment()?.tillId,
      sync: open === undefined ? 'synced' : open.stored.heldReason === null ? 'saved' : 'held',
      canUndo: canUndo(ctx, entry, isCorrected),
      canEdit: mayEdit && isEditable(rows, entry, today),
    };
  };
  return rows
    .map(toView)
    .sort(
      (left, right) =>
        right.wallMs - left.wallMs || rank(right) - rank(left) || (left.opId < right.opId ? 1 : -1),
    )
    .slice(0, max);
}
