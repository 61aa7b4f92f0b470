import { runningDay } from '../close/days.ts';
import { closeView } from '../close/view.ts';
import type { Handler } from '../ctx.ts';

export const getClose: Handler<'day.getClose'> = (ctx, { businessDay }) =>
  closeView(ctx, businessDay ?? runningDay(ctx));
