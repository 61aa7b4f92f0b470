import type { Handler } from '../ctx.ts';
import { spend } from '../spending/spend.ts';

export const deductVisits: Handler<'visits.deduct'> = (ctx, { opId, cardId, count }) =>
  spend(ctx, {
    opId,
    cardId,
    action: 'visit',
    kind: 'visit.deducted',
    asked: { count },
    unitsOf: () => count,
    toBody: () => ({ kind: 'visit.deducted', count }),
  });
