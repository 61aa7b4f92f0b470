import type { Handler } from '../ctx.ts';
import { cardFacts } from '../views/member-view.ts';

/** What this till did on its business day, from its own ops. */
export const getDayFigures: Handler<'day.getFigures'> = (ctx) => {
  const { businessDay } = cardFacts(ctx);
  const totals = new Map(ctx.till.ops.dayTotals(businessDay).map((total) => [total.kind, total]));
  const count = (kind: string): number => totals.get(kind)?.count ?? 0;
  const units = (kind: string): number => totals.get(kind)?.units ?? 0;
  return {
    businessDay,
    enrolled: count('member.created'),
    cardsIssued: count('card.issued') + count('card.replaced'),
    stamps: units('stamp.added'),
    pointsCredited: units('points.credited'),
    visits: units('visit.deducted'),
    creditToppedUp: units('credit.toppedUp'),
    redeemed: count('reward.redeemed'),
    total: [...totals.values()].reduce((sum, total) => sum + total.count, 0),
  };
};
