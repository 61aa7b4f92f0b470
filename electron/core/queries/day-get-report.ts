import { isAtLeast } from '../../../sync/merge/roles.ts';
import { AppError } from '../../contract/errors.ts';
import { runningDay } from '../close/days.ts';
import { dayReport } from '../close/report.ts';
import type { Handler } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';

export const getDayReport: Handler<'day.getReport'> = (ctx, { businessDay }) => {
  const { session, directory } = ctx;
  if (session !== null && !isAtLeast(roleNow(directory, session), 'supervisor'))
    throw new AppError('not_allowed', 'The report of a day needs a supervisor. Nothing was changed.');
  return dayReport(ctx, businessDay ?? runningDay(ctx));
};
