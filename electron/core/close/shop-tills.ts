import { z } from 'zod';
import type { SettingsRepo } from '../../../db/till/types.ts';
import { dayAt } from '../../../sync/base/business-day.ts';
import type { Store } from '../../../sync/model/chain.ts';
import { ShopTillsReply, type ToldTill } from '../../../sync/protocol/shop-tills.ts';
import type { ShopTill } from '../../contract/shop-day.ts';
import { CentreFault } from '../centre-client.ts';
import type { Ctx } from '../ctx.ts';
import { centreOf, toDeskError } from '../inbox/desk.ts';

/** A till in use speaks every minute; one that is off or has no line is told after so long. */
export const SILENT_MS = 15 * 60_000;

export interface Told extends ShopTillsReply {
  line: 'up' | 'down';
}

/** What the centre said last of each shop's tills: the page of a day is read without a line, too. */
export const keptTills = (repo: SettingsRepo) => ({
  of: (storeId: string): ShopTillsReply | null => repo.get(`shop-tills:${storeId}`, Kept) ?? null,
  keep: (storeId: string, reply: ShopTillsReply): void => repo.set(`shop-tills:${storeId}`, reply),
});
const Kept: z.ZodType<ShopTillsReply | null> = ShopTillsReply.nullable().catch(null);

/** Asks the centre; without an answer, what it said last. @throws AppError When it refuses. */
export async function askTills(ctx: Ctx, asked: { storeId: string; day: string }): Promise<Told | null> {
  const { storeId, day } = asked;
  const kept = keptTills(ctx.till.settings);
  const centre = centreOf(ctx);
  const actorId = ctx.session?.person.staffId;
  if (centre !== null && actorId !== undefined) {
    try {
      const reply = await centre.shopTills(storeId, { actorId, day });
      kept.keep(storeId, reply);
      return { ...reply, line: 'up' };
    } catch (cause) {
      if (!(cause instanceof CentreFault) || cause.kind === 'refused') throw toDeskError(cause);
    }
  }
  const last = kept.of(storeId);
  // What waits and what was closed was said of one day, which need not be this one.
  return last === null ? null : { ...last, tills: last.tills.map(forAnyDay), line: 'down' };
}

const forAnyDay = (till: ToldTill): ToldTill => ({ ...till, held: [], close: null });

interface Seen {
  day: string;
  store: Pick<Store, 'timeZone' | 'cutOffHour'>;
  told: Told | null;
  /** By till: when its latest entry of the day was made. */
  lastOf: ReadonlyMap<string, number>;
}

/** This till itself: its own file is read, so nothing of it is missing. */
function ownTill(ctx: Ctx, { day, store, told }: Seen): ShopTill | null {
  const enrolment = ctx.settings.enrolment();
  if (enrolment === null) return null;
  const nowMs = ctx.clock.nowMs();
  const { outstanding } = ctx.sync.status();
  const {
    held = [],
    close = null,
    name,
  } = told?.tills.find(({ tillId }) => tillId === enrolment.tillId) ?? {};
  return {
    tillId: enrolment.tillId,
    name: name ?? enrolment.tillName,
    ...{ isOwn: true, state: 'live', isSilent: false, isOnTheWay: false },
    isWhole: dayAt(nowMs, store.timeZone, store.cutOffHour) > day,
    ...{ completeToMs: nowMs, heardAtMs: nowMs, outstanding, held, close },
  };
}

function toldTill(ctx: Ctx, till: ToldTill, { day, store, told }: Seen): ShopTill {
  const { lastSeq, completeToMs: toMs, heardAtMs, close, ...facts } = till;
  const isOnTheWay = lastSeq > ctx.replica().meta().cursor;
  const isPast = toMs > 0 && dayAt(toMs, store.timeZone, store.cutOffHour) > day;
  return {
    ...facts,
    isOwn: false,
    isWhole: !isOnTheWay && (isPast || close?.verdict === 'equal'),
    completeToMs: toMs === 0 ? null : toMs,
    heardAtMs: heardAtMs === 0 ? null : heardAtMs,
    isSilent: till.state === 'live' && (told?.atMs ?? 0) - heardAtMs > SILENT_MS,
    ...{ isOnTheWay, close },
  };
}

/** One that nobody has told of: its entries say that it is there, and how far it came at least. */
const unknownTill = ([tillId, lastMs]: readonly [string, number]): ShopTill => ({
  ...{ tillId, name: '', isOwn: false, state: 'live', isWhole: false, completeToMs: lastMs, heardAtMs: null },
  ...{ isSilent: false, outstanding: 0, isOnTheWay: false, held: [], close: null },
});

/** Every till of the shop, this one first. */
export function shopTills(ctx: Ctx, storeId: string, seen: Seen): ShopTill[] {
  const enrolment = ctx.settings.enrolment();
  const own = enrolment?.storeId === storeId && enrolment.kind !== 'office' ? ownTill(ctx, seen) : null;
  const others = (seen.told?.tills ?? []).filter(({ tillId }) => tillId !== own?.tillId);
  const known = new Set([own?.tillId, ...others.map(({ tillId }) => tillId)]);
  const unknown = [...seen.lastOf].filter(([tillId]) => !known.has(tillId));
  return [
    ...(own === null ? [] : [own]),
    ...others.map((till) => toldTill(ctx, till, seen)),
    ...unknown.map(unknownTill),
  ];
}
