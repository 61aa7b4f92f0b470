import type { Handler } from '../ctx.ts';
import { move } from './move.ts';

/**
 * Stamps always add; a full round makes a reward due and the surplus carries over. A card is never too full.
 */
export const addStamps: Handler<'stamps.add'> = (ctx, { opId, cardId, count }) =>
  move(ctx, {
    opId,
    cardId,
    action: 'stamp',
    kind: 'stamp.added',
    asked: { count },
    toBody: () => ({ kind: 'stamp.added', count, amountMinor: null, receiptNo: '' }),
  });
