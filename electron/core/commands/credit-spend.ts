import type { Handler } from '../ctx.ts';
import { move } from './move.ts';
import { assertCovers } from './shared.ts';

export const spendCredit: Handler<'credit.spend'> = (ctx, { opId, cardId, creditMinor, receiptNo }) =>
  move(ctx, {
    opId,
    cardId,
    action: 'spend',
    kind: 'credit.spent',
    asked: { creditMinor, receiptNo },
    toBody: ({ account }) => {
      assertCovers(account, creditMinor);
      return { kind: 'credit.spent', creditMinor, receiptNo };
    },
  });
