import type { MemberId } from '../../sync/base/ids.ts';
import { AppError } from '../contract/errors.ts';
import { assertThere, getLaid } from './commands/shared.ts';
import type { Ctx } from './ctx.ts';
import type { Laid } from './overlay.ts';
import { handReceiptsOf } from './views/hand-receipts.ts';

export interface Named {
  memberId: MemberId;
  receiptId: string;
}

export function assertOpen({ member }: Pick<Laid, 'member'>): void {
  assertThere(member);
  if (member.state === 'anonymised')
    throw new AppError('action_not_offered', 'This member is anonymised. Nothing was saved.');
}

/** @throws AppError For one that is not there, or that was taken back: nothing is said of it any more. */
export function getStanding(laid: Laid, { receiptId }: Named) {
  assertOpen(laid);
  const receipt = handReceiptsOf(laid).find((each) => each.receiptId === receiptId);
  if (receipt === undefined)
    throw new AppError('not_found', 'She has no such receipt on this till. Nothing was saved.');
  if (receipt.takenBack !== null)
    throw new AppError('already_undone', 'This receipt was taken back before. Nothing more was saved.');
  return receipt;
}

/**
 * The receipt that is to be taken back.
 *
 * @throws AppError Why it can not be; who may is looked at elsewhere.
 */
export function getTakingBack(ctx: Ctx, named: Named) {
  const laid = getLaid(ctx, named.memberId);
  const receipt = getStanding(laid, named);
  if (receipt.isChecked)
    throw new AppError(
      'action_not_offered',
      'A manager has verified this receipt. Nothing was saved; let a manager take that mark off first.',
    );
  return { laid, receipt };
}
