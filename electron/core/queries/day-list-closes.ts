import { runningDay } from '../close/days.ts';
import { closeSummary } from '../close/view.ts';
import type { Handler } from '../ctx.ts';

const DAYS_MAX = 60;

export const listCloses: Handler<'day.listCloses'> = (ctx) => {
  const running = runningDay(ctx);
  const closed = ctx.till.closes.list(DAYS_MAX).map(({ businessDay }) => businessDay);
  const days = new Set([running, ...closed, ...ctx.till.ops.listDays(DAYS_MAX)]);
  const latest = [...days].sort().reverse().slice(0, DAYS_MAX);
  return latest.map((day) => closeSummary(ctx, day));
};
