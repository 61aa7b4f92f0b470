import { bookedUnder } from '../booked-receipt.ts';
import { assertRole } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';

/** A receipt moves no card; what somebody booked under its number does, and is shown old and new before the press. */
export const previewTakeBack: Handler<'receipts.previewTakeBack'> = (ctx, asked) => {
  assertRole(ctx, 'supervisor');
  return { booked: bookedUnder(ctx, asked) };
};
