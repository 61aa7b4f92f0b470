import type { Handler } from '../ctx.ts';
import { move } from './move.ts';

export const addVisits: Handler<'visits.add'> = (ctx, { opId, cardId, count, receiptNo }) =>
  move(ctx, {
    opId,
    cardId,
    action: 'add-visits',
    kind: 'visits.added',
    asked: { count, receiptNo },
    toBody: () => ({ kind: 'visits.added', count, amountMinor: null, receiptNo }),
  });
