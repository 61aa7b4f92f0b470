import { z } from 'zod';
import type { SettingsRepo } from '../../../db/till/types.ts';
import { dayAt } from '../../../sync/base/business-day.ts';
import type { Store } from '../../../sync/model/chain.ts';
import { CENTRE_TILL } from '../../../sync/base/ids.ts';
import { ASKED_TILLS_MAX, ShopTillsReply, type ToldTill } from '../../../sync/protocol/shop-tills.ts';
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

interface Asked {
  storeId: string;
  day: string;
  /** Those that the ledger has entries of: they may have left the shop since. */
  tillIds: readonly string[];
}

/** Asks the centre; without an answer, what it said last. @throws AppError When it refuses. */
export async function askTills(ctx: Ctx, asked: Asked): Promise<Told | null> {
  const { storeId, day, tillIds } = asked;
  const kept = keptTills(ctx.till.settings);
  const centre = centreOf(ctx);
  const actorId = ctx.session?.person.staffId;
  if (centre !== null && actorId !== undefined) {
    try {
      const tills = tillIds.slice(0, ASKED_TILLS_MAX).join(',');
      const reply = await centre.shopTills(storeId, { actorId, day, tills });
      kept.keep(storeId, reply);
      return { ...reply, line: 'up' };
    } catch (cause) {
      if (!(cause instanceof CentreFault) || cause.kind === 'refused') throw toDeskError(cause);
    }
  }
  const last = kept.of(storeId);
  // What waits and what was closed was said of one day, which need not be this one.
  if (last === null) return null;
  return { ...last, tills: last.tills.map(forAnyDay), others: last.others.map(forAnyDay), line: 'down' };
}

const forAnyDay = (till: ToldTill): ToldTill => ({ ...till, held: [], close: null });

interface Seen {
  day: string;
  store: Pick<Store, 'timeZone' | 'cutOffHour'>;
  told: Told | null;
  /** By till: when its latest entry of the day was made. */
  lastOf: ReadonlyMap<string, number>;
  /** How far the copy was when those entries were read. */
  cursor: number;
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

function toldTill(till: ToldTill, { day, store, told, cursor }: Seen): ShopTill {
  const { lastSeq, completeToMs: toMs, heardAtMs, close, ...facts } = till;
  const isOnTheWay = lastSeq > cursor;
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

/** The centre is no till: what it booked is there as far as the copy is. */
function centreNode(ctx: Ctx, { day, store }: Seen): ShopTill {
  const { lastSyncAtMs } = ctx.sync.status();
  return {
    ...{ tillId: CENTRE_TILL, name: '', isOwn: false, state: 'live', heardAtMs: lastSyncAtMs },
    isWhole: lastSyncAtMs !== null && dayAt(lastSyncAtMs, store.timeZone, store.cutOffHour) > day,
    ...{ completeToMs: lastSyncAtMs, isSilent: false, outstanding: 0, isOnTheWay: false },
    ...{ held: [], close: null },
  };
}

/** One that nobody has told of: its entries say that it is there, and how far it came at least. */
const unknownTill = ([tillId, lastMs]: readonly [string, number]): ShopTill => ({
  ...{ tillId, name: '', isOwn: false, state: 'live', isWhole: false, completeToMs: lastMs, heardAtMs: null },
  ...{ isSilent: false, outstanding: 0, isOnTheWay: false, held: [], close: null },
});

/** Every till of the shop, this one first; then those that worked here on the day and have left it since. */
export function shopTills(ctx: Ctx, storeId: string, seen: Seen): ShopTill[] {
  const enrolment = ctx.settings.enrolment();
  const own = enrolment?.storeId === storeId && enrolment.kind !== 'office' ? ownTill(ctx, seen) : null;
  const { tills = [], others: gone = [] } = seen.told ?? {};
  const others = [...tills, ...gone.filter(({ tillId }) => seen.lastOf.has(tillId))].filter(
    ({ tillId }) => tillId !== own?.tillId,
  );
  const known = new Set([own?.tillId, ...others.map(({ tillId }) => tillId)]);
  const unknown = [...seen.lastOf].filter(([tillId]) => !known.has(tillId) && tillId !== CENTRE_TILL);
  return [
    ...(own === null ? [] : [own]),
    ...others.map((till) => toldTill(till, seen)),
    ...unknown.map(unknownTill),
    ...(seen.lastOf.has(CENTRE_TILL) ? [centreNode(ctx, seen)] : []),
  ];
}
