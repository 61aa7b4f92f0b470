import type { Handler } from '../ctx.ts';
import { spend } from '../spending/spend.ts';

export const spendCredit: Handler<'credit.spend'> = (ctx, { opId, cardId, creditMinor, receiptNo }) =>
  spend(ctx, {
    opId,
    cardId,
    action: 'spend',
    kind: 'credit.spent',
    asked: { creditMinor, receiptNo },
    unitsOf: () => creditMinor,
    toBody: () => ({ kind: 'credit.spent', creditMinor, receiptNo }),
  });
