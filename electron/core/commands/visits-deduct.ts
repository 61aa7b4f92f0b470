import type { Handler } from '../ctx.ts';
import { move } from './move.ts';
import { assertCovers } from './shared.ts';

export const deductVisits: Handler<'visits.deduct'> = (ctx, { opId, cardId, count }) =>
  move(ctx, {
    opId,
    cardId,
    action: 'visit',
    kind: 'visit.deducted',
    asked: { count },
    toBody: ({ account }) => {
      assertCovers(account, count);
      return { kind: 'visit.deducted', count };
    },
  });
