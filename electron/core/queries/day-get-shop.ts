import { dayAt } from '../../../sync/base/business-day.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import { AppError } from '../../contract/errors.ts';
import type { ShopDay } from '../../contract/shop-day.ts';
import { runningDay } from '../close/days.ts';
import { openEntries } from '../close/open-entries.ts';
import { hourIn, tallyShop, type ShopTally } from '../close/shop-tally.ts';
import { askTills, shopTills } from '../close/shop-tills.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';
import { unitOf } from '../views/card-view.ts';

const byCount = (left: { count: number; id: string }, right: { count: number; id: string }): number =>
  right.count - left.count || (left.id < right.id ? -1 : 1);

function toFigures({ directory }: Ctx, tally: ShopTally): Pick<ShopDay, 'kinds' | 'cashiers' | 'programmes'> {
  const kinds = [...tally.kinds]
    .map(([kind, sum]) => ({ kind, ...sum }))
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const cashiers = [...tally.cashiers].map(([id, sum]) => ({
    ...{ id, name: directory.staff(id)?.name ?? id, nameZh: '' },
    ...sum,
  }));
  const programmes = [...tally.programmes].map(([id, sum]) => {
    const type = directory.cardType(id);
    const unit = unitOf(type?.kind ?? 'points');
    return { id, name: type?.name ?? id, nameZh: type?.nameZh ?? '', unit, ...sum };
  });
  return { kinds, cashiers: cashiers.sort(byCount), programmes: programmes.sort(byCount) };
}

interface Asked {
  own: string;
  storeId: string;
  isOffice: boolean;
}

/** @throws AppError `not_allowed`, `not_enrolled`. */
function assertMayAsk({ session, directory, settings, screen }: Ctx, storeId: string | null): Asked {
  if (session !== null && !isAtLeast(roleNow(directory, session), 'supervisor'))
    throw new AppError('not_allowed', 'The day of a shop needs a supervisor. Nothing was changed.');
  const own = settings.enrolment()?.storeId;
  if (own === undefined)
    throw new AppError('not_enrolled', 'This till is not set up yet, so it has no shop. Enrol it first.');
  const isOffice = screen === 'office';
  if (!isOffice && storeId !== null && storeId !== own)
    throw new AppError('not_allowed', 'A till has the ledger of its own shop only. Ask in the office.');
  return { own, storeId: storeId ?? own, isOffice };
}

/** The figures of a shop's day over all of its tills, as far as this copy reaches. */
export const getShopDay: Handler<'day.getShop'> = async (ctx, { businessDay, storeId: asked }) => {
  const { own, storeId, isOffice } = assertMayAsk(ctx, asked);
  const store = ctx.directory.store(storeId) ?? { name: storeId, timeZone: 'UTC', cutOffHour: 4 };
  const { timeZone, cutOffHour } = store;
  // An office may stand on another side of the earth than the shop.
  const today = storeId === own ? runningDay(ctx) : dayAt(ctx.clock.nowMs(), timeZone, cutOffHour);
  const day = businessDay ?? today;
  const { cursor } = ctx.replica().meta();
  const confirmed = await ctx.segments.worker().day({ storeId, businessDay: day });
  const known = new Set(confirmed.map(({ opId }) => opId));
  const entries = storeId === own ? [...confirmed, ...openEntries(ctx, day, known)] : confirmed;
  const tally = tallyShop(entries, hourIn(timeZone));
  const lastOf = new Map<string, number>();
  for (const { tillId, wallMs } of entries) lastOf.set(tillId, Math.max(wallMs, lastOf.get(tillId) ?? 0));
  const told = await askTills(ctx, { storeId, day, tillIds: [...lastOf.keys()] });
  const toName = (id: string) => {
    const { name = id, nameZh = '' } = ctx.directory.store(id) ?? {};
    return { id, name, nameZh };
  };
  const stores = isOffice
    ? ctx.directory.documents('store').map(({ body }) => toName(body.storeId))
    : [toName(own)];
  return {
    ...{ businessDay: day, today, store: toName(storeId), stores },
    ...{ toldAtMs: told?.atMs ?? null, line: told?.line ?? 'down', copyAtMs: ctx.sync.status().lastSyncAtMs },
    tills: shopTills(ctx, storeId, { day, store, told, lastOf, cursor }),
    totals: tally.totals,
    ...toFigures(ctx, tally),
    hours: tally.hours,
  };
};
