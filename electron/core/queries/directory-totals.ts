import { dayAt } from '../../../sync/base/business-day.ts';
import type { Handler } from '../ctx.ts';
import { deskOf, kindsNow } from '../register/desk.ts';

const UNCOUNTED = { transactions: null, reviews: null, rating: null, active: null, added: null };
const ACTIVE_MS = 30 * 86_400_000;
const HOUR_MS = 3_600_000;

/** The first moment of the month that the store is in; to the hour, which is what zones differ by. */
function monthStart(nowMs: number, timeZone: string): number {
  const month = (ms: number): string => dayAt(ms, timeZone, 0).slice(0, 7);
  const now = month(nowMs);
  let low = Math.floor((nowMs - 32 * 24 * HOUR_MS) / HOUR_MS);
  let high = Math.ceil(nowMs / HOUR_MS);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (month(middle * HOUR_MS) < now) low = middle + 1;
    else high = middle;
  }
  return low * HOUR_MS;
}

export const totalDirectory: Handler<'directory.totals'> = async (ctx) => {
  deskOf(ctx, 'supervisor');
  const thread = ctx.register.ready();
  const state = ctx.register.state();
  const nowMs = ctx.clock.nowMs();
  if (thread === null) return { state, members: ctx.replica().counts().members, ...UNCOUNTED };
  const timeZone = ctx.directory.store(ctx.settings.enrolment()?.storeId ?? '')?.timeZone ?? 'UTC';
  const since = { activeSinceMs: nowMs - ACTIVE_MS, newSinceMs: monthStart(nowMs, timeZone) };
  return { state, ...(await thread.totals({ ...since, kinds: kindsNow(ctx) })) };
};
