import type { Handler } from '../ctx.ts';
import { spend } from '../spending/spend.ts';

export const debitPoints: Handler<'points.debit'> = (ctx, { opId, cardId, points, reason }) =>
  spend(ctx, {
    opId,
    cardId,
    action: 'debit',
    kind: 'points.debited',
    asked: { points },
    unitsOf: () => points,
    toBody: () => ({ kind: 'points.debited', points, reason }),
  });
