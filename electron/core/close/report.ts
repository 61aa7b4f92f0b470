import { addDays, type Day } from '../../../sync/base/business-day.ts';
import { deltaOf, isMoving } from '../../../sync/merge/entries.ts';
import type { Op } from '../../../sync/model/op.ts';
import { unitsOf } from '../../../sync/model/units.ts';
import { WATCH_DAYS, watchCards, type WatchedEntry } from '../../../sync/segments/own-card-watch.ts';
import type { DayReport } from '../../contract/closes.ts';
import type { Ctx } from '../ctx.ts';
import { nameOf } from '../views/member-view.ts';
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

type Sums = Map<string, { count: number; units: number }>;

function add(sums: Sums, key: string, units: number): void {
  const sum = sums.get(key) ?? { count: 0, units: 0 };
  sums.set(key, { count: sum.count + 1, units: sum.units + units });
}

const toList = (sums: Sums, name: (key: string) => string): DayReport['cashiers'] =>
  [...sums]
    .map(([id, sum]) => ({ id, name: name(id), ...sum }))
    .sort((left, right) => right.count - left.count || (left.id < right.id ? -1 : 1));

/** Card type of the card that an action names. */
function programmeOf({ overlay, replica }: Ctx, { body }: Op): string | null {
  if ('cardTypeId' in body) return body.cardTypeId;
  if (body.kind === 'member.created') return body.card?.cardTypeId ?? null;
  if (!('cardId' in body)) return null;
  const known = replica().card(body.cardId);
  if (known !== undefined) return known.cardTypeId;
  const laid = overlay.lay(body.memberId);
  return laid?.cards.find(({ cardId }) => cardId === body.cardId)?.cardTypeId ?? null;
}

/** What the shop's ledger and this till's own actions say of the last weeks: also with the line down. */
async function watch(ctx: Ctx, day: Day, own: readonly Op[]): Promise<DayReport['watch']> {
  const storeId = ctx.settings.enrolment()?.storeId ?? '';
  const range = { storeId, fromDay: addDays(day, 1 - WATCH_DAYS), toDay: day };
  const entries = new Map((await ctx.segments.worker().watched(range)).map((entry) => [entry.opId, entry]));
  for (const op of own) {
    const entry = toWatched(op);
    if (entry !== null && !entries.has(entry.opId)) entries.set(entry.opId, entry);
  }
  return watchCards([...entries.values()], day).map(({ reason, actorId, memberId, opIds, units }) => {
    const laid = ctx.overlay.lay(memberId);
    const memberName = laid === undefined ? '' : nameOf(laid.member);
    const actorName = ctx.directory.staff(actorId)?.name ?? actorId;
    return { reason, actorName, memberId, memberName, entries: opIds.length, units };
  });
}

/** A day of this till by cashier and programme, and whom a manager should look at before she signs it. */
export async function dayReport(ctx: Ctx, day: Day): Promise<DayReport> {
  const own = [...opsIn(ctx.till, ctx.till.ops.dayRanges(day))].map(({ op }) => op);
  const [cashiers, programmes, hours]: [Sums, Sums, number[]] = [
    new Map(),
    new Map(),
    Array.from({ length: 24 }, () => 0),
  ];
  for (const op of own) {
    add(cashiers, op.actorId, 0);
    const programme = programmeOf(ctx, op);
    if (programme !== null) add(programmes, programme, unitsOf(op.body));
    const hour = new Date(op.wallMs).getHours();
    hours[hour] = (hours[hour] ?? 0) + 1;
  }
  return {
    businessDay: day,
    cashiers: toList(cashiers, (id) => ctx.directory.staff(id)?.name ?? id),
    programmes: toList(programmes, (id) => ctx.directory.cardType(id)?.name ?? id),
    hours,
    watch: await watch(ctx, day, own),
  };
}
