import { z } from 'zod';
import { MemberId, OpId } from '../../sync/base/ids.ts';
import { UNITS_MAX } from '../../sync/model/units.ts';
import { command, query, type Method } from './method.ts';
import { ActionReply, Balance } from './views.ts';

/** Business days for which the amount of a card's last purchase can be put right. */
export const EDIT_WINDOW_DAYS = 7;

const Amount = z.int().min(1).max(UNITS_MAX);

export const PurchaseEdit = z.strictObject({
  oldAmountMinor: z.int(),
  newAmountMinor: z.int(),
  oldUnits: z.int(),
  newUnits: z.int(),
  unit: Balance.shape.unit,
  balance: z.int(),
  balanceAfter: z.int(),
  /** Version of the rule that made the entry, and makes the new one (N14). */
  cardTypeVersion: z.int(),
});
export type PurchaseEdit = z.infer<typeof PurchaseEdit>;

export const purchases = {
  /** What another amount would earn by the rule of that day, before anything is saved. Refuses as the edit would. */
  'purchases.previewEdit': query(
    z.strictObject({ memberId: MemberId, entryOpId: OpId, amountMinor: Amount }),
    PurchaseEdit,
  ),
  /** Counters the purchase and books it anew: the last one of its card, within some days, a supervisor. */
  'purchases.edit': command(
    z.strictObject({
      opId: OpId,
      memberId: MemberId,
      entryOpId: OpId,
      amountMinor: Amount,
      reason: z.string().trim().min(1).max(200),
    }),
    ActionReply,
  ),
} satisfies Record<string, Method>;
