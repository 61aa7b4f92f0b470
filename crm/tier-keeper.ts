import { setImmediate } from 'node:timers/promises';
import { addDays, type Day } from '../sync/base/business-day.ts';
import { hlcMs } from '../sync/base/clock.ts';
import type { MemberId, StaffId } from '../sync/base/ids.ts';
import { purchaseShare } from '../sync/merge/purchases.ts';
import { rootOf } from '../sync/merge/merged.ts';
import { isRemoved, readExtras, type TierReason } from '../sync/model/extras.ts';
import { earnedTier, ranksOn, tierChange } from '../sync/programmes/tiers.ts';
import type { Centre } from './centre.ts';
import type { Sql } from './database.ts';
import { writeOwnOp } from './inbox/centre-node.ts';
import { toLogged } from './log.ts';
import { readHead } from './repos/feed-head.ts';
import type { MemberRecord } from './repos/rows.ts';
import { sqlStore } from './sql-store.ts';
import { chainDay, isAnyBySpending, lastDayThatCounts, readRules, type Rules } from './tier-rules.ts';
import {
  addSpent,
  addTierDue,
  clearTierDue,
  listMoved,
  listSpending,
  listSpent,
  listTierDue,
  lockTierClock,
  markAllSpent,
  markRunOut,
  markSpentAhead,
  saveTierClock,
  type Spending,
  type SpentRow,
  type TierClock,
} from './repos/tiers.ts';
import type { CentreStore } from './store.ts';
import { openUnit, saveUnit } from './unit.ts';
import { keysOf } from './working-set.ts';

const LOOK_MS = 1_000;
/** So many members are looked at between two commits, */
const LOOKS_PER_STEP = 100;
/** and so many of them written: tills wait for the head no longer than that. */
const WRITES_PER_STEP = 20;
const NUMBERS_PER_STEP = 2_000;
/** Who says it is the chain's rules, not one of the staff. */
const RULES = 'rules' as StaffId;

export type TierKeeperParts = Pick<Centre, 'database' | 'clock' | 'crypto' | 'log'>;

/** A new day, or new rules: whoever these may touch is put on the list. */
async function turn(tx: Sql, clock: TierClock, { rules, today }: { rules: Rules; today: Day }) {
  const { tiers, seq: rulesSeq } = rules;
  if (clock.rulesSeq === rulesSeq && clock.day >= today) return;
  const versions = tiers.flatMap((tier) => [tier, ...tier.earlier]);
  const isTurn = versions.some(({ validFrom }) => validFrom > clock.day && validFrom <= today);
  if (clock.rulesSeq !== rulesSeq || clock.day === '' || isTurn) await markAllSpent(tx);
  else {
    await markRunOut(tx, clock.day, today);
    await markSpentAhead(tx, addDays(clock.day, 1), lastDayThatCounts(today));
  }
  Object.assign(clock, { rulesSeq, day: clock.day > today ? clock.day : today });
}

/** What entries add to the days of their members. A correction takes back on the day of the purchase. */
function spentBy(spending: readonly Spending[]): SpentRow[] {
  const days = new Map<string, SpentRow>();
  for (const { entry, undone } of spending) {
    const { spentMinor } = purchaseShare(entry, undone ?? undefined);
    if (spentMinor === 0) continue;
    const { memberId, businessDay: day, wallMs } = undone ?? entry;
    const known = days.get(`${memberId} ${day}`);
    days.set(`${memberId} ${day}`, {
      ...{ memberId, day, spentMinor: (known?.spentMinor ?? 0) + spentMinor },
      lastAtMs: Math.max(known?.lastAtMs ?? 0, wallMs),
    });
  }
  return [...days.values()];
}

/** One stretch of the feed: numbers become visible in their order, so nothing is missed and nothing counted twice. */
async function follow(tx: Sql, clock: TierClock): Promise<{ isFurther: boolean; isBehind: boolean }> {
  const { seq: headSeq } = await readHead(tx);
  if (clock.seq >= headSeq) return { isFurther: false, isBehind: false };
  const upTo = Math.min(headSeq, clock.seq + NUMBERS_PER_STEP);
  const spent = spentBy(await listSpending(tx, clock.seq, upTo));
  const moved = await listMoved(tx, clock.seq, upTo);
  await addSpent(tx, spent);
  await addTierDue(tx, [...new Set([...spent.map(({ memberId }) => memberId), ...moved])]);
  clock.seq = upTo;
  return { isFurther: true, isBehind: upTo < headSeq };
}

interface Step {
  tx: Sql;
  store: CentreStore;
  nowMs: number;
  today: Day;
  rules: Rules;
}

interface Change {
  memberId: MemberId;
  /** Everybody who is this person. */
  ids: readonly MemberId[];
  reached: TierReason | null;
}

/** When somebody last set the tier by hand; 0 where only the rules did, or nobody. */
function handAtMs({ row, clocks }: MemberRecord): number {
  const writer = clocks.tier ?? (row.tier === '' ? undefined : clocks.all);
  return writer === undefined || writer.actorId === RULES ? 0 : hlcMs(writer.hlc);
}

/** What the spending of these people comes to, where their rows say something else. */
async function changesFor(
  { tx, store, today, rules }: Step,
  memberIds: readonly MemberId[],
): Promise<Change[]> {
  const { tiers } = rules;
  const last = lastDayThatCounts(today);
  const { members } = await store.loadRows({ ...keysOf([]), sets: memberIds });
  const byId = new Map(members.map((record) => [record.row.memberId, record]));
  const rootIdOf = (id: MemberId): MemberId => rootOf((each) => byId.get(each)?.row, id);
  const people = new Map<MemberId, MemberId[]>();
  for (const id of byId.keys()) people.set(rootIdOf(id), [...(people.get(rootIdOf(id)) ?? []), id]);
  const spent = Map.groupBy(await listSpent(tx, [...byId.keys()]), ({ memberId }) => rootIdOf(memberId));
  return [...people].flatMap(([rootId, ids]): Change[] => {
    const record = byId.get(rootId);
    if (record === undefined || record.row.state === 'anonymised' || isRemoved(record.row)) return [];
    const own = spent.get(rootId) ?? [];
    const asOf = own.reduce(
      (latest, { day, spentMinor }) => (spentMinor !== 0 && day > latest && day <= last ? day : latest),
      today,
    );
    const { tier, tierUntil, extras } = record.row;
    const standing = { tier, tierUntil, reason: readExtras(extras).tier, handAtMs: handAtMs(record) };
    const next = tierChange(standing, earnedTier(tiers, own, asOf), { rankOf: ranksOn(tiers, asOf), asOf });
    return next === null ? [] : [{ memberId: rootId, ids, reached: next.reason }];
  });
}

/** Writes what is due of some members. @returns False when nobody is due. */
async function decideSome(step: Step, crypto: Centre['crypto']): Promise<boolean> {
  const { tx, store, nowMs } = step;
  const due = await listTierDue(tx, LOOKS_PER_STEP);
  if (due.length === 0) return false;
  // Nearly everybody stays as they are, and no till waits while that is found out.
  const found = await changesFor(step, due);
  const later = new Set(found.slice(WRITES_PER_STEP).flatMap(({ ids }) => ids));
  await clearTierDue(
    tx,
    due.filter((id) => !later.has(id)),
  );
  const asked = found.slice(0, WRITES_PER_STEP).map(({ memberId }) => memberId);
  if (asked.length === 0) return true;
  const unit = await openUnit(store, nowMs);
  for (const { memberId, reached } of await changesFor(step, asked)) {
    const body = { kind: 'tier.earned' as const, memberId, reached };
    const { held } = await writeOwnOp(unit, crypto, { body, actorId: RULES, isApproved: true });
    if (held !== null) throw new Error(`the tier of ${memberId} was held: ${held}`);
  }
  await saveUnit(unit);
  return true;
}

/** One step of the way, in a transaction of its own. @returns False when there is nothing more, or another is at it. */
function keepSome({ database, clock, crypto }: TierKeeperParts): Promise<boolean> {
  return database.transaction(async (tx) => {
    const store = sqlStore(tx, crypto, null);
    // Where no tier is reached by spending nothing is followed: it begins with the first entry once there is one.
    if (!(await isAnyBySpending(store))) return false;
    const at = await lockTierClock(tx);
    if (at === null) return false;
    // Only now: by older ones than another process went by, every member would go there and back.
    const rules = await readRules(store);
    const nowMs = clock.nowMs();
    const today = chainDay(rules, nowMs);
    const before = { ...at };
    await turn(tx, at, { rules, today });
    const { isFurther, isBehind } = await follow(tx, at);
    if (isFurther || at.day !== before.day || at.rulesSeq !== before.rulesSeq) await saveTierClock(tx, at);
    // By a part of the money a member would get one tier after another.
    if (isBehind) return true;
    return (await decideSome({ tx, store, nowMs, today, rules }, crypto)) || isFurther;
  });
}

export interface KeepOptions {
  /** Ends it after the step that runs. */
  signal?: AbortSignal;
  /** Between two steps: a process serves tills with the same thread. */
  pause?: () => Promise<unknown>;
}

/**
 * Brings the tiers of members up to what they spent, by the rules of `sync/programmes/tiers.ts`. It follows the feed:
 * it reads entries behind the pushes, which know nothing of it, so no till waits for it; it may be a second late. The
 * centre alone writes a tier that is reached; each is an op of its node, with the version and the sum in it.
 */
export async function keepTiers(parts: TierKeeperParts, options: KeepOptions = {}): Promise<void> {
  const { signal, pause } = options;
  while (signal?.aborted !== true && (await keepSome(parts))) await pause?.();
}

export interface TierKeeper {
  start(): void;
  stop(): Promise<void>;
}

/** Looks again and again; several processes may. */
export function createTierKeeper(parts: TierKeeperParts): TierKeeper {
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const ending = new AbortController();
  const { signal } = ending;
  const look = (): void => {
    running = keepTiers(parts, { signal, pause: setImmediate })
      .catch((cause: unknown) => parts.log.warn({ cause: toLogged(cause) }, 'tiers had to wait'))
      .finally(() => {
        if (!signal.aborted) timer = setTimeout(look, LOOK_MS).unref();
      });
  };
  return {
    start: look,
    stop: async () => {
      ending.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
