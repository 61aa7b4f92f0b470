import { decideSpend, type Cover } from '../../../../sync/spending/decide-spend.ts';
import { freePart } from '../../../../sync/spending/holds.ts';
import { backUp, exchange, exchangeCut, putBack, renew, reportLost } from './schedule-lines.ts';
import {
  clone,
  hasNames,
  nameOf,
  save,
  start,
  sum,
  type Scope,
  type Till,
  type World,
} from './schedule-world.ts';

function spendAlone(world: World, at: number, scope: Scope): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  const covers = till.unacked.map(({ cover }) => cover);
  const partOf = (part: keyof Cover): number => sum(covers.map((cover) => cover?.[part] ?? 0));
  const unsent = till.unacked.slice(till.sent);
  // As `gainLeft` of the till: what was taken back is gone from what was earned.
  const earned = sum(unsent.map(({ delta, cover }) => (cover === null ? delta : 0)));
  const gainUsed = sum(unsent.map(({ cover }) => cover?.gain ?? 0));
  const decision = (scope.decide ?? decideSpend)(
    {
      units: 1,
      isCredit: false,
      view: till.confirmed + sum(till.unacked.map(({ delta }) => delta)),
      gainLeft: Math.max(0, earned - gainUsed),
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
  save(next, at, { scope, made: { delta: -1, cover, holdIds } });
  return next;
}

/** The line is up: the centre sets the unit aside, the op names it. */
function spendOnline(world: World, at: number, scope: Scope): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  const tillId = nameOf(at);
  if (till.isLost) return null;
  if (till.seen < till.unacked.length || freePart(next.balance, next.holds) < 1) return null;
  const holdId = `reservation-${at}`;
  if (next.holds.some((hold) => hold.holdId === holdId)) return null;
  next.holds.push({
    ...{ holdId, accountId: 'a', tillId, incarnation: 1, left: 1 },
    ...{ kind: 'reservation', lapsesAtMs: 0 },
  });
  save(next, at, { scope, made: { delta: -1, cover: { gain: 0, grant: 1, floor: 0 }, holdIds: [holdId] } });
  return next;
}

/** The line is up: one unit out of the grant, one that the centre sets aside besides. */
function spendTogether(world: World, at: number, scope: Scope): World | null {
  if (scope.canSplit !== true) return null;
  const alone = spendOnline(world, at, scope);
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
  save(next, at, { scope, made: { delta: 1, cover: null, holdIds: [] } });
  return next;
}

/** A purchase was typed wrong: by one unit too few. The entry is taken back and booked anew with one more. */
function editUp(world: World, at: number, { editsUp = 0, ...scope }: Scope): World | null {
  if (world.edits.up >= editsUp) return null;
  const next = clone(world);
  next.edits.up += 1;
  save(next, at, { scope, made: { delta: 1, cover: null, holdIds: [], isEdit: true } });
  return next;
}

/** By one too many, which somebody may have spent by now. */
function editDown(world: World, at: number, { editsDown = 0, ...scope }: Scope): World | null {
  if (world.edits.down >= editsDown || world.earned + world.edits.up <= world.edits.down) return null;
  const next = clone(world);
  next.edits.down += 1;
  save(next, at, { scope, made: { delta: -1, cover: null, holdIds: [] } });
  return next;
}

function receive(world: World, at: number, scope: Scope): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  const { answer } = till;
  if (answer === null || till.isLost) return null;
  till.unacked.splice(0, answer.acked);
  till.seen -= answer.acked;
  till.sent -= answer.acked;
  if (hasNames(scope)) till.base += answer.acked;
  till.answer = null;
  if (answer.balance === null) return next;
  till.confirmed = answer.balance;
  if (till.isGivingBack && till.grant?.holdId !== answer.grant?.holdId) {
    till.grant = null;
    till.isGivingBack = false;
  }
  // The till alone knows what is left of a grant that it holds.
  if (till.grant?.holdId !== answer.grant?.holdId) till.grant = answer.grant;
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
  editUp,
  editDown,
  exchange,
  exchangeCut,
  backUp,
  putBack,
  renew,
  reportLost,
  receive,
  lose,
  restart,
  giveBack,
} as const;

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
