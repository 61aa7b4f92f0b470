import type { TillDb } from '../../../db/till/types.ts';
import { addDays, type Day } from '../../../sync/base/business-day.ts';
import { WATCH_NAMED_MAX, type WatchFound } from '../../../sync/close/receipt.ts';
import { deltaOf, isMoving } from '../../../sync/merge/entries.ts';
import type { Op } from '../../../sync/model/op.ts';
import { WATCH_DAYS, watchCards, type WatchedEntry } from '../../../sync/segments/own-card-watch.ts';
import type { SegmentDesk } from '../segments/segment-desk.ts';
import type { TillSettings } from '../till-settings.ts';
import { opsIn } from './own-ops.ts';

/** An own action as the watch sees it; null for what books nothing. */
function toWatched({ opId, actorId, businessDay, wallMs, body }: Op): WatchedEntry | null {
  const made = { opId, actorId, businessDay, wallMs };
  if (body.kind === 'entry.corrected') {
    const { accountId, memberId, kind, delta, correctsOpId } = body;
    return {
      ...made,
      ...{ accountId, memberId, kind, delta, correctsOpId },
      amountMinor: null,
      receiptNo: '',
    };
  }
  if (!isMoving(body)) return null;
  return {
    ...made,
    ...{ accountId: body.accountId, memberId: body.memberId, kind: body.kind, delta: deltaOf(body) },
    amountMinor: 'amountMinor' in body ? body.amountMinor : null,
    receiptNo: 'receiptNo' in body ? body.receiptNo : '',
    correctsOpId: null,
  };
}

interface Parts {
  till: TillDb;
  settings: Pick<TillSettings, 'enrolment'>;
  segments: Pick<SegmentDesk, 'worker'>;
}

/** What the shop's ledger and this till's own actions say of the last weeks (N16): also with the line down. */
export async function findWatched({ till, settings, segments }: Parts, day: Day): Promise<WatchFound[]> {
  const storeId = settings.enrolment()?.storeId ?? '';
  const range = { storeId, fromDay: addDays(day, 1 - WATCH_DAYS), toDay: day };
  const entries = new Map((await segments.worker().watched(range)).map((entry) => [entry.opId, entry]));
  for (const { op } of opsIn(till, till.ops.dayRanges(day))) {
    const entry = toWatched(op);
    if (entry !== null && !entries.has(entry.opId)) entries.set(entry.opId, entry);
  }
  const found = watchCards([...entries.values()], day).map(
    ({ reason, actorId, memberId, accountId, opIds, units }): WatchFound => ({
      ...{ reason, actorId, memberId, accountId, units },
      entries: opIds.length,
    }),
  );
  return found.slice(0, WATCH_NAMED_MAX);
}
