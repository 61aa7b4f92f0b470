import type { Handler } from '../ctx.ts';
import { reckonEdit } from '../purchase-edit.ts';
import { unitOf } from '../views/card-view.ts';

/** Old and new units side by side, before anybody says yes (N14). */
export const previewPurchaseEdit: Handler<'purchases.previewEdit'> = (ctx, asked) => {
  const { entry, account, newUnits, type } = reckonEdit(ctx, asked);
  return {
    oldAmountMinor: entry.amountMinor ?? 0,
    newAmountMinor: asked.amountMinor,
    oldUnits: entry.delta,
    newUnits,
    unit: unitOf(type.kind),
    balance: account.balance,
    balanceAfter: account.balance - entry.delta + newUnits,
    cardTypeVersion: entry.cardTypeVersion,
  };
};
