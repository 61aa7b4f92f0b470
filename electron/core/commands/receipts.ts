import { addDays } from '../../../sync/base/business-day.ts';
import { canonicalJson } from '../../../sync/base/canonical.ts';
import { changesIn } from '../../../sync/model/extras.ts';
import { HAND_RECEIPTS_MAX, type HandReceipt } from '../../../sync/model/hand-receipt.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { momentOf } from '../moment.ts';
import type { Laid } from '../overlay.ts';
import { assertOpen, getStanding } from '../taking-back.ts';
import { handReceiptsOf } from '../views/hand-receipts.ts';
import { actor, asSaved, getLaid, replyTo } from './shared.ts';

/** @throws AppError For a receipt of no shop, of a day to come, or one that she has already. */
function assertTaken(ctx: Ctx, laid: Laid, { receiptNo, storeId, day }: HandReceipt): void {
  const store = ctx.directory.store(storeId);
  if (store === undefined || store.isRetired === true)
    throw new AppError('bad_request', 'There is no such shop. Nothing was saved; choose another.');
  // A register may call it tomorrow while the till's own day still goes on.
  if (day > addDays(momentOf(ctx).businessDay, 1))
    throw new AppError('bad_request', 'That day is still to come. Nothing was saved; look at the receipt.');
  const own = handReceiptsOf(laid);
  const isSame = (each: (typeof own)[number]): boolean =>
    each.takenBack === null && each.receiptNo === receiptNo && each.storeId === storeId && each.day === day;
  if (own.some(isSame))
    throw new AppError('bad_request', 'She has this receipt already. Nothing was saved a second time.');
  if (own.length >= HAND_RECEIPTS_MAX)
    throw new AppError(
      'bad_request',
      `A member has at most ${HAND_RECEIPTS_MAX} receipts by hand. Nothing was saved.`,
    );
}

/** Kept with the member; no card moves by it. */
export const addReceipt: Handler<'receipts.add'> = (ctx, { opId, memberId, receipt }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.extras',
    asked: { memberId: asSaved(ctx, opId, memberId) },
    isRepeat: (body) =>
      body.kind === 'member.extras' &&
      body.receipt !== undefined &&
      canonicalJson(body.receipt) === canonicalJson(receipt),
    make: () => {
      const laid = getLaid(ctx, memberId);
      assertOpen(laid);
      assertTaken(ctx, laid, receipt);
      return { body: { kind: 'member.extras', memberId: laid.member.memberId, receipt } };
    },
  });
  return replyTo(ctx, stored, null);
};

export const checkReceipt: Handler<'receipts.check'> = (ctx, { opId, memberId, receiptId, isChecked }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.extras',
    asked: {},
    isRepeat: (body) =>
      body.kind === 'member.extras' && changesIn(body).get(`checked:${receiptId}`) === isChecked,
    make: () => {
      const laid = getLaid(ctx, memberId);
      const receipt = getStanding(laid, { memberId, receiptId });
      if (receipt.isChecked === isChecked)
        throw new AppError('bad_request', 'Nothing was changed, so there is nothing to save.');
      const checked = { [receiptId]: isChecked };
      return { body: { kind: 'member.extras', memberId: receipt.memberId, checked } };
    },
  });
  return replyTo(ctx, stored, null);
};
