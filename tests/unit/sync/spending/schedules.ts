import { decideSpend, type Cover } from '../../../../sync/spending/decide-spend.ts';
import {
  freePart,
  grantUnits,
  lapse,
  letGo,
  settleSpend,
  type Hold,
} from '../../../../sync/spending/holds.ts';
import type { SpendPolicy } from '../../../../sync/model/spend-policy.ts';

/** One account, some tills, every message that may be late or lost: all that can happen, step by step. */
export interface Scope {
  tills: number;
  balance: number;
  /** How many units the tills may earn in all, one by one. */
  earns: number;
  policy: SpendPolicy;
  /** Grants per till in the whole walk. */
  grantsMax?: number;
  /** Tills also pay one spend out of both, a grant and a reservation. */
  canSplit?: boolean;
  /** The rule that is walked; a broken one in its place must be found out. */
  decide?: typeof decideSpend;
}

interface Made {
  delta: number;
  cover: Cover | null;
  holdIds: string[];
}

interface Till {
  /** Balance as of the last complete answer. */
  confirmed: number;
  unacked: Made[];
  grant: { holdId: string; left: number } | null;
  isGivingBack: boolean;
  /** How many grants it was ever given: bounds the walk. */
  grants: number;
  /** An answer on its way: how many ops it acks, and what it says. */
  answer: { acked: number; balance: number; grant: { holdId: string; left: number } | null } | null;
  /** How many of `unacked` the centre has. */
  seen: number;
  /** How many of `unacked` may have left the till. */
  sent: number;
}

export interface World {
  balance: number;
  holds: Hold[];
  earned: number;
  tills: Till[];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const nameOf = (at: number): string => `till-${at}`;
const clone = (world: World): World => JSON.parse(JSON.stringify(world)) as World;

export const start = ({ tills, balance }: Scope): World => ({
  balance,
  holds: [],
  earned: 0,
  tills: Array.from({ length: tills }, () => ({
    confirmed: balance,
    unacked: [],
    grant: null,
    isGivingBack: false,
    grants: 0,
    answer: null,
    seen: 0,
    sent: 0,
  })),
});

/** What the account would hold if every op had arrived. */
export const trueBalance = (world: World): number =>
  world.balance +
  sum(world.tills.flatMap(({ unacked, seen }) => unacked.slice(seen).map(({ delta }) => delta)));

export const freeAtCentre = (world: World): number => freePart(world.balance, world.holds);

function spendAlone(world: World, at: number, scope: Scope): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  const covers = till.unacked.map(({ cover }) => cover);
  const partOf = (part: keyof Cover): number => sum(covers.map((cover) => cover?.[part] ?? 0));
  const unsent = till.unacked.slice(till.sent);
  const earned = sum(unsent.map(({ delta }) => Math.max(0, delta)));
  const gainUsed = sum(unsent.map(({ cover }) => cover?.gain ?? 0));
  const decision = (scope.decide ?? decideSpend)(
    {
      units: 1,
      isCredit: false,
      view: till.confirmed + sum(till.unacked.map(({ delta }) => delta)),
      gainLeft: earned - gainUsed,
      grantLeft: till.isGivingBack ? 0 : (till.grant?.left ?? 0),
      floorUsed: { account: partOf('floor'), till: partOf('floor'), spends: 0 },
      copyAgeHours: 0,
      memberAgeHours: 1_000,
      isWeak: false,
      isSupervised: false,
    },
    scope.policy,
  );
  if (!decision.isAllowed) return null;
  const { cover } = decision;
  const holdIds = cover.grant > 0 && till.grant !== null ? [till.grant.holdId] : [];
  if (till.grant !== null) till.grant.left -= cover.grant;
  till.unacked.push({ delta: -1, cover, holdIds });
  return next;
}

/** The line is up: the centre sets the unit aside, the op names it. */
function spendOnline(world: World, at: number): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  const tillId = nameOf(at);
  if (till.seen < till.unacked.length || freePart(next.balance, next.holds) < 1) return null;
  const holdId = `reservation-${at}`;
  if (next.holds.some((hold) => hold.holdId === holdId)) return null;
  next.holds.push({
    ...{ holdId, accountId: 'a', tillId, incarnation: 1, left: 1 },
    ...{ kind: 'reservation', lapsesAtMs: 0 },
  });
  till.unacked.push({ delta: -1, cover: { gain: 0, grant: 1, floor: 0 }, holdIds: [holdId] });
  return next;
}

/** The line is up: one unit out of the grant, one that the centre sets aside besides. */
function spendTogether(world: World, at: number, { canSplit = false }: Scope): World | null {
  if (!canSplit) return null;
  const alone = spendOnline(world, at);
  const till = alone?.tills[at];
  const made = till?.unacked.at(-1);
  if (alone === null || till === undefined || made === undefined) return null;
  if (till.grant === null || till.grant.left === 0 || till.isGivingBack) return null;
  till.grant.left -= 1;
  [made.delta, made.cover] = [-2, { gain: 0, grant: 2, floor: 0 }];
  made.holdIds.push(till.grant.holdId);
  return alone;
}

function earn(world: World, at: number, scope: Scope): World | null {
  if (world.earned >= scope.earns) return null;
  const next = clone(world);
  next.earned += 1;
  (next.tills[at] as Till).unacked.push({ delta: 1, cover: null, holdIds: [] });
  return next;
}

/** The request arrives; the answer is on its way and may be lost. */
function exchange(world: World, at: number, scope: Scope): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  const tillId = nameOf(at);
  for (const made of till.unacked.slice(till.seen)) {
    next.balance += made.delta;
    const units = Math.max(0, -made.delta);
    const claimed = made.cover?.grant ?? 0;
    next.holds = settleSpend(next.holds, { tillId, units, holdIds: made.holdIds, claimed }).holds;
  }
  till.seen = till.unacked.length;
  till.sent = till.unacked.length;
  const isOwn = (hold: Hold): boolean => hold.tillId === tillId;
  next.holds = [...next.holds.filter((hold) => !isOwn(hold)), ...lapse(next.holds.filter(isOwn), 1)];
  if (till.isGivingBack && till.grant !== null) {
    next.holds = letGo(next.holds, { tillId, holdIds: [till.grant.holdId] });
  }
  const known = next.holds.find((hold) => hold.tillId === tillId && hold.kind === 'grant');
  const units = grantUnits(next.balance, next.holds, { policy: scope.policy, isCredit: false });
  let grant = known === undefined ? null : { holdId: known.holdId, left: known.left };
  if (known === undefined && units > 0 && till.grants < (scope.grantsMax ?? GRANTS_MAX)) {
    till.grants += 1;
    grant = { holdId: `grant-${at}-${till.grants}`, left: units };
    next.holds.push({
      ...{ ...grant, accountId: 'a', tillId, incarnation: 1 },
      ...{ kind: 'grant', lapsesAtMs: null },
    });
  }
  till.answer = { acked: till.unacked.length, balance: next.balance, grant };
  return next;
}

function receive(world: World, at: number): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  const { answer } = till;
  if (answer === null) return null;
  till.unacked.splice(0, answer.acked);
  till.seen -= answer.acked;
  till.sent -= answer.acked;
  till.confirmed = answer.balance;
  if (till.isGivingBack && till.grant?.holdId !== answer.grant?.holdId) {
    till.grant = null;
    till.isGivingBack = false;
  }
  // The till alone knows what is left of a grant that it holds.
  if (till.grant?.holdId !== answer.grant?.holdId) till.grant = answer.grant;
  till.answer = null;
  return next;
}

function lose(world: World, at: number): World | null {
  if (world.tills[at]?.answer === null) return null;
  const next = clone(world);
  (next.tills[at] as Till).answer = null;
  return next;
}

/** A till that was killed does not know what it had sent. */
function restart(world: World, at: number): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  till.sent = till.unacked.length;
  till.answer = null;
  return next;
}

/** Only with nothing on its way that was spent under it. */
function giveBack(world: World, at: number): World | null {
  const till = world.tills[at];
  if (till === undefined || till.grant === null || till.isGivingBack || till.unacked.length > 0) return null;
  const next = clone(world);
  (next.tills[at] as Till).isGivingBack = true;
  return next;
}

const STEPS = {
  spendAlone,
  spendOnline,
  spendTogether,
  earn,
  exchange,
  receive,
  lose,
  restart,
  giveBack,
} as const;
const GRANTS_MAX = 2;

interface Reached {
  world: World;
  from: Reached | null;
  by: string;
}

function wayTo(reached: Reached): string[] {
  const way: string[] = [];
  for (let at: Reached | null = reached; at !== null; at = at.from) way.unshift(at.by);
  return way.slice(1);
}

function* nextOf(reached: Reached, scope: Scope): Generator<Reached> {
  for (const [name, step] of Object.entries(STEPS)) {
    for (let till = 0; till < scope.tills; till += 1) {
      const world = step(reached.world, till, scope);
      if (world !== null) yield { world, from: reached, by: `${name} ${till}` };
    }
  }
}

/**
 * Walks every world that can be reached, each once, and shows it to `visit` with the way that led there.
 *
 * @returns how many there are
 */
export function walkSchedules(scope: Scope, visit: (world: World, way: () => string[]) => void): number {
  const queue: Reached[] = [{ world: start(scope), from: null, by: '' }];
  const seen = new Set<string>();
  for (let at = 0; at < queue.length; at += 1) {
    const reached = queue[at] as Reached;
    visit(reached.world, () => wayTo(reached));
    for (const next of nextOf(reached, scope)) {
      const key = JSON.stringify(next.world);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return queue.length;
}
