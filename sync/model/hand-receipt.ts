import { z } from 'zod';
import { isRealDay } from '../base/business-day.ts';
import { StaffId, StoreId } from '../base/ids.ts';
import { UNITS_MAX } from './units.ts';

/** Of one member; a row holds some more, because tills add apart from each other. */
export const HAND_RECEIPTS_MAX = 100;

/** Nothing that is not to be seen: controls, line and paragraph ends, half a sign. */
const seen = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text), 'a sign that is not to be seen');

/** A receipt that somebody brought, as it was typed in: to be checked, and worth no points by itself (F19). */
export const HandReceipt = z.strictObject({
  receiptNo: seen(1, 40),
  storeId: StoreId,
  /** Day on the receipt. */
  day: z.string().refine(isRealDay, 'not a day of the calendar'),
  amountMinor: z.int().min(1).max(UNITS_MAX),
  note: seen(0, 200),
});
export type HandReceipt = z.infer<typeof HandReceipt>;

/** What takes one back; it stays where it is, and is shown as taken back. */
export const TakeBack = z.strictObject({ receiptId: z.uuid().lowercase(), reason: seen(1, 200) });
export type TakeBack = z.infer<typeof TakeBack>;

/** With who typed it and when, as its op says. */
export const KeptReceipt = HandReceipt.extend({ actorId: StaffId, wallMs: z.int() });
export type KeptReceipt = z.infer<typeof KeptReceipt>;

/** Why a receipt that was typed wrongly counts no more, with who said so and when, as the op says. */
export const TakenBack = z.strictObject({ reason: seen(1, 200), actorId: StaffId, wallMs: z.int() });
export type TakenBack = z.infer<typeof TakenBack>;
