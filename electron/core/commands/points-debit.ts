import type { Handler } from '../ctx.ts';
import { move } from './move.ts';
import { assertCovers } from './shared.ts';

export const debitPoints: Handler<'points.debit'> = (ctx, { opId, cardId, points, reason }) =>
  move(ctx, {
    opId,
    cardId,
    action: 'debit',
    kind: 'points.debited',
    asked: { points },
    toBody: ({ account }) => {
      assertCovers(account, points);
      return { kind: 'points.debited', points, reason };
    },
  });
