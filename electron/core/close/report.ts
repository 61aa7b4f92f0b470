import type { Day } from '../../../sync/base/business-day.ts';
import { madeAtMs } from '../../../sync/base/clock.ts';
import type { Op } from '../../../sync/model/op.ts';
import { unitsOf } from '../../../sync/model/units.ts';
import type { DayReport } from '../../contract/closes.ts';
import type { Ctx } from '../ctx.ts';
import { nameOf } from '../views/member-view.ts';
import { opsIn } from './own-ops.ts';
import { hourIn } from './shop-tally.ts';
import { findWatched } from './watch.ts';

type Sums = Map<string, { count: number; units: number }>;

function add(sums: Sums, key: string, units: number): void {
  const sum = sums.get(key) ?? { count: 0, units: 0 };
  sums.set(key, { count: sum.count + 1, units: sum.units + units });
}

type Named = Readonly<{ name: string; nameZh?: string }>;

const toList = (sums: Sums, find: (key: string) => Named | undefined): DayReport['cashiers'] =>
  [...sums]
    .map(([id, sum]) => ({ id, name: find(id)?.name ?? id, nameZh: find(id)?.nameZh ?? '', ...sum }))
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

/** The findings in words: who, with whom. */
async function watch(ctx: Ctx, day: Day): Promise<DayReport['watch']> {
  const found = await findWatched(ctx, day);
  return found.map(({ reason, actorId, memberId, entries, units }) => {
    const laid = ctx.overlay.lay(memberId);
    const memberName = laid === undefined ? '' : nameOf(laid.member);
    const actorName = ctx.directory.staff(actorId)?.name ?? actorId;
    return { reason, actorName, memberId, memberName, entries, units };
  });
}

const timeZoneOf = ({ directory, settings }: Ctx): string =>
  directory.store(settings.enrolment()?.storeId ?? '')?.timeZone ?? 'UTC';

/** A day of this till by cashier and programme, and whom a manager should look at before she signs it. */
export async function dayReport(ctx: Ctx, day: Day): Promise<DayReport> {
  const own = [...opsIn(ctx.till, ctx.till.ops.dayRanges(day))].map(({ op }) => op);
  const [cashiers, programmes, hours]: [Sums, Sums, number[]] = [
    new Map(),
    new Map(),
    Array.from({ length: 24 }, () => 0),
  ];
  const hourOf = hourIn(timeZoneOf(ctx));
  for (const op of own) {
    add(cashiers, op.actorId, 0);
    const programme = programmeOf(ctx, op);
    if (programme !== null) add(programmes, programme, unitsOf(op.body));
    const hour = hourOf(madeAtMs(op));
    hours[hour] = (hours[hour] ?? 0) + 1;
  }
  return {
    businessDay: day,
    cashiers: toList(cashiers, (id) => ctx.directory.staff(id)),
    programmes: toList(programmes, (id) => ctx.directory.cardType(id)),
    hours,
    watch: await watch(ctx, day),
  };
}
