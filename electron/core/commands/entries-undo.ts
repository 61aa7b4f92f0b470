import type { MemberId, OpId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import type { EntryRow } from '../../../sync/model/card.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { entryKey } from '../own-keys.ts';
import type { Laid } from '../overlay.ts';
import { canUndo } from '../views/entry-view.ts';
import { actor, assertCovers, assertServed, getLaid, replyTo } from './shared.ts';

interface Undoing {
  laid: Laid;
  entry: EntryRow;
}

/** Whose entry it may be; the till's own ops know it before the centre does. */
const memberOf = (ctx: Ctx, entryId: OpId): MemberId | undefined =>
  ctx.till.ops.find(entryId)?.op.body.memberId ??
  ctx.replica().entry(entryId)?.memberId ??
  ctx.till.ops.searchOpen({ key: entryKey(entryId), isPrefix: false }, 1)[0];

function getUndoing(ctx: Ctx, entryId: OpId): Undoing {
  const memberId = memberOf(ctx, entryId);
  const laid = memberId === undefined ? undefined : getLaid(ctx, memberId);
  const entry = laid?.openEntries.get(entryId)?.row ?? ctx.replica().entry(entryId);
  const isOwn = entry === undefined || entry.tillId === ctx.settings.enrolment()?.tillId;
  if (laid === undefined || !isOwn) {
    throw new AppError(
      'not_found',
      'Only an entry made on this till can be undone here. Nothing was booked.',
    );
  }
  if (entry === undefined)
    throw new AppError('action_not_offered', 'That action moved no balance, so there is nothing to undo.');
  return { laid, entry };
}

/** Counters one own entry to the unit. It stays in the history, and so does the counter-entry. */
export const undoEntry: Handler<'entries.undo'> = (ctx, { opId, undoesOpId, reason }) => {
  const { entry } = getUndoing(ctx, undoesOpId);
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'entry.corrected',
    asked: { correctsOpId: undoesOpId },
    make: () => {
      const { laid } = getUndoing(ctx, undoesOpId);
      const isCorrected =
        ctx.till.ops.correctionOf(undoesOpId) !== undefined ||
        ctx.replica().correctionOf(undoesOpId) !== undefined;
      if (isCorrected)
        throw new AppError('already_undone', 'This entry was undone before. Nothing more was booked.');
      assertServed(laid.member);
      if (!canUndo(ctx, entry, false)) {
        throw new AppError(
          'undo_too_late',
          'This entry is too old to undo, or was made by somebody else. Ask a supervisor.',
        );
      }
      const account = must(laid.accounts.get(entry.accountId), 'an entry has an account').view;
      if (entry.delta > 0) assertCovers(account, entry.delta);
      return {
        body: {
          kind: 'entry.corrected',
          memberId: entry.memberId,
          cardId: entry.cardId,
          accountId: entry.accountId,
          cardTypeVersion: entry.cardTypeVersion,
          correctsOpId: undoesOpId,
          delta: -entry.delta,
          reason,
        },
      };
    },
  });
  return replyTo(ctx, stored, entry.cardId);
};
