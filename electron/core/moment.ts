import type { TillDb } from '../../db/till/types.ts';
import { addDays, type Day } from '../../sync/base/business-day.ts';
import { hlcMs, nextHlc, type Hlc } from '../../sync/base/clock.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { Directory } from './directory.ts';

/** What the till's next op says of its time. */
export interface Moment {
  hlc: Hlc;
  /** The PC's own clock. */
  wallMs: number;
  /** Neither closed nor, but at a turn, before the last op's. */
  businessDay: Day;
  /** The op before is proven to be of a clock that was ahead: this one begins anew at the right time. */
  isTurn: boolean;
}

interface Parts {
  till: Pick<TillDb, 'ops' | 'closes'>;
  directory: Directory;
  clock: ClockGuard;
}

/** The time of an op that is made now. */
export function momentOf({ till, directory, clock }: Parts): Moment {
  const last = till.ops.last();
  const nowMs = clock.nowMs();
  const isTurn = last !== null && hlcMs(last.hlc) >= nowMs && clock.isProvenAhead(last);
  const before = isTurn ? null : last;
  let businessDay = directory.businessDay(nowMs, before?.businessDay ?? null);
  while (till.closes.find(businessDay) !== undefined) businessDay = addDays(businessDay, 1);
  return { hlc: nextHlc(before?.hlc ?? null, nowMs), wallMs: clock.wallMs(), businessDay, isTurn };
}
