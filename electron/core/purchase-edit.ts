import type { MemberId, OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import type { EntryRow } from '../../sync/model/card.ts';
import { rulesOfVersion } from '../../sync/programmes/card-rules.ts';
import { earnAgain } from '../../sync/programmes/earn.ts';
import { AppError } from '../contract/errors.ts';
import { EDIT_WINDOW_DAYS } from '../contract/purchases.ts';
import { assertServed, getLaid } from './commands/shared.ts';
import type { Ctx } from './ctx.ts';
import { momentOf } from './moment.ts';
import type { Laid } from './overlay.ts';
import { earnedOn } from './views/earned.ts';
import { isEditable } from './views/editable.ts';

/** Entries of a member among which the last purchase of a card is looked for. */
const ENTRIES_MAX = 500;

/** What this till knows of a person's entries, its own open ones on top. */
const entriesOf = (ctx: Ctx, laid: Laid): EntryRow[] => [
  ...laid.people.flatMap(({ memberId }) => ctx.replica().entriesOf(memberId, ENTRIES_MAX)),
  ...[...laid.openEntries.values()].map(({ row }) => row),
];

interface Asked {
  memberId: MemberId;
  entryOpId: OpId;
  amountMinor: number;
}

/**
 * The entry and what another amount would have earned, by the rule version that made it (N14), with the limit of
 * its own day.
 *
 * @throws AppError Why it can not be edited.
 */
export function reckonEdit(ctx: Ctx, { memberId, entryOpId, amountMinor }: Asked) {
  const laid = getLaid(ctx, memberId);
  const rows = entriesOf(ctx, laid);
  const entry = rows.find(({ opId }) => opId === entryOpId);
  if (entry === undefined)
    throw new AppError('not_found', 'This till does not hold that purchase. Nothing was changed.');
  assertServed(laid.member);
  if (!isEditable(rows, entry, momentOf(ctx).businessDay)) {
    throw new AppError(
      'edit_too_late',
      `Only the last purchase of a card, for ${EDIT_WINDOW_DAYS} days. Nothing was changed.`,
    );
  }
  if (entry.amountMinor === amountMinor)
    throw new AppError('bad_request', 'That is the amount already. Nothing was changed.');
  const account = must(laid.accounts.get(entry.accountId), 'an entry has an account').view;
  const type = ctx.directory.cardType(account.cardTypeId);
  const rules = type === undefined ? undefined : rulesOfVersion(type, entry.cardTypeVersion);
  if (type === undefined || rules === undefined)
    throw new AppError('not_found', 'The rule of that day is not on this till. Sync, then try again.');
  if (type.kind !== 'points' && type.kind !== 'credit' && type.kind !== 'stamp')
    throw new AppError('action_not_offered', 'Nothing of this depends on the amount. Nothing was changed.');
  const earnedToday = Math.max(
    0,
    earnedOn(ctx, laid, { accountId: entry.accountId, day: entry.businessDay }) - entry.delta,
  );
  const newUnits = earnAgain(rules, entry, { amountMinor, earnedToday });
  return { laid, entry, account, newUnits, type };
}
