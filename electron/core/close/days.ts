import type { Day } from '../../../sync/base/business-day.ts';
import type { Ctx } from '../ctx.ts';
import { momentOf } from '../moment.ts';

/** The store's date now, whatever this till has closed. */
export const todayOf = ({ directory, clock }: Pick<Ctx, 'directory' | 'clock'>): Day =>
  directory.businessDay(clock.nowMs(), null);

/**
 * The day that a close without a name means: the one that ops go to now, or today's where that is closed
 * already and they go to the next.
 */
export function runningDay(ctx: Ctx): Day {
  const { businessDay } = momentOf(ctx);
  const today = todayOf(ctx);
  return businessDay > today && ctx.till.closes.find(today) !== undefined ? today : businessDay;
}

/** True for today and for any day with ops that is over: neither closed before nor one that is yet to begin. */
export function isClosable(ctx: Ctx, day: Day): boolean {
  if (ctx.settings.enrolment() === null || ctx.till.closes.find(day) !== undefined) return false;
  if (momentOf(ctx).businessDay === day) return day <= todayOf(ctx);
  return ctx.till.ops.dayRanges(day).length > 0;
}
