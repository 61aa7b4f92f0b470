import { RESERVATION_MS } from '../../../../crm/spending/holds.ts';
import { setGainsAside, type SetAside } from '../../../../crm/spending/set-aside.ts';
import { grantUnits, lapse, letGo, settleSpend, type Hold } from '../../../../sync/spending/holds.ts';
import {
  clone,
  GRANTS_MAX,
  nameOf,
  type Grant,
  type Made,
  type Scope,
  type Till,
  type World,
} from './schedule-world.ts';

/** What the centre does with a request, and what becomes of tills whose files or machines are lost. */

/** The centre takes ops of a till up to the one before `end`. */
export function book(next: World, at: number, end: number): Made[] {
  const till = next.tills[at] as Till;
  const fresh = till.unacked.slice(till.seen, end);
  for (const made of fresh) {
    next.balance += made.delta;
    const units = made.cover === null ? 0 : Math.max(0, -made.delta);
    const holdIds = made.opId === undefined ? made.holdIds : [made.opId, ...made.holdIds];
    const spend = { tillId: nameOf(at), units, holdIds, claimed: made.cover?.grant ?? 0 };
    next.holds = settleSpend(next.holds, spend).holds;
  }
  till.seen = Math.max(till.seen, end);
  return fresh;
}

/** The request arrives; the answer is on its way and may be lost. */
export function exchange(world: World, at: number, scope: Scope): World | null {
  const next = clone(world);
  const till = next.tills[at] as Till;
  if (till.isLost) return null;
  const tillId = nameOf(at);
  book(next, at, till.unacked.length);
  till.sent = till.unacked.length;
  const isOwn = (hold: Hold): boolean => hold.tillId === tillId;
  next.holds = [...next.holds.filter((hold) => !isOwn(hold)), ...lapse(next.holds.filter(isOwn), 1)];
  if (till.isGivingBack && till.grant !== null) {
    next.holds = letGo(next.holds, { tillId, holdIds: [till.grant.holdId] });
  }
  till.answer = { acked: till.unacked.length, balance: next.balance, grant: grantFor(next, at, scope) };
  return next;
}

/** The grant that the till has, or a new one. */
function grantFor(next: World, at: number, scope: Scope): Grant {
  const till = next.tills[at] as Till;
  const tillId = nameOf(at);
  const known = next.holds.find((hold) => hold.tillId === tillId && hold.kind === 'grant');
  if (known !== undefined) return { holdId: known.holdId, left: known.left };
  const units = grantUnits(next.balance, next.holds, { policy: scope.policy, isCredit: false });
  if (units === 0 || till.grants >= (scope.grantsMax ?? GRANTS_MAX)) return null;
  till.grants += 1;
  const grant = { holdId: `grant-${at}-${till.grants}`, left: units };
  next.holds.push({
    ...{ ...grant, accountId: 'a', tillId, incarnation: 1 },
    ...{ kind: 'grant', lapsesAtMs: null },
  });
  return grant;
}

const anewOf = (opId: string): string => `${opId} anew`;

/** An edit takes its entry of one unit back, and books it anew with what it adds. */
function deltaOf(fresh: readonly Made[], id: string): number {
  const made = fresh.find(({ opId = '' }) => opId === id || anewOf(opId) === id);
  if (made?.isEdit !== true) return made?.delta ?? 0;
  return made.opId === id ? -1 : 1 + made.delta;
}

/** Only the first of what waits fits into the request: it says which later spends are of what it earned. */
export function exchangeCut(world: World, at: number, scope: Scope): World | null {
  const before = world.tills[at] as Till;
  if (scope.canCut !== true || before.isLost || before.unacked.length - before.seen < 2) return null;
  const next = clone(world);
  const till = next.tills[at] as Till;
  const end = till.seen + 1;
  const spendsAhead = till.unacked.slice(end).flatMap(({ opId = '', cover }) => {
    const { gain = 0, grant = 0 } = cover ?? {};
    return gain === 0 ? [] : [{ opId, accountId: 'a', gain, grant }];
  });
  const fresh = book(next, at, end);
  const holds = new Map(next.holds.map((hold) => [hold.holdId, hold]));
  setGainsAside(holds, {
    push: { tillId: nameOf(at), incarnation: 1, spendsAhead },
    fresh: fresh.map(({ opId = '', isEdit = false }) => ({
      op: { opId },
      body: isEdit ? { kind: 'purchase.edited', entryId: anewOf(opId) } : null,
    })),
    entryOf: (id: string) => ({ accountId: 'a', delta: deltaOf(fresh, id) }),
    opIds: new Set<string>(),
    nowMs: -RESERVATION_MS,
    // Cast: an op's names and the entry's account and amount are all that it reads.
  } as unknown as SetAside);
  next.holds = [...holds.values()].filter(({ left }) => left > 0);
  till.sent = till.unacked.length;
  // Rows and grants come with the last of the ops.
  till.answer = { acked: end, balance: null, grant: till.grant };
  return next;
}

/** The nightly copy of the till's file. */
export function backUp(world: World, at: number, { putBacks = 0 }: Scope): World | null {
  if (world.putBacks >= putBacks || world.tills[at]?.backup !== null) return null;
  const next = clone(world);
  const till = next.tills[at] as Till;
  const { confirmed, base, grant, unacked } = till;
  till.backup = { confirmed, base, grant, log: [...unacked] };
  return next;
}

/** The file is damaged: the copy takes its place, and the spill file adds all that was saved since. */
export function putBack(world: World, at: number, { keepsGrants = false }: Scope): World | null {
  const { backup } = world.tills[at] as Till;
  if (backup === null) return null;
  const next = clone(world);
  next.putBacks += 1;
  const till = next.tills[at] as Till;
  const booked = till.base + till.seen;
  Object.assign(till, { ...backup, backup: null, unacked: backup.log, log: undefined, answer: null });
  till.seen = booked - till.base;
  till.sent = till.unacked.length;
  // What paid the lost ops may have been that grant: it is given up, whatever the copy says is left of it.
  till.isGivingBack = !keepsGrants && till.grant !== null;
  if (till.isGivingBack && till.grant !== null) till.grant.left = 0;
  return next;
}

/** The next incarnation: the centre has booked all ops, from the spill file too, and frees what was set aside. */
export function renew(world: World, at: number, { renewals = 0 }: Scope): World | null {
  if (world.renewals >= renewals || world.tills[at]?.isLost === true) return null;
  const next = clone(world);
  next.renewals += 1;
  const till = next.tills[at] as Till;
  book(next, at, till.unacked.length);
  next.holds = next.holds.filter(({ tillId }) => tillId !== nameOf(at));
  const fresh = { unacked: [], seen: 0, sent: 0, base: 0, backup: null };
  Object.assign(till, { ...fresh, grant: null, isGivingBack: false, answer: null, confirmed: next.balance });
  return next;
}

/** A manager reports the till lost: what was set aside for it is free again, and it may go on unheard. */
export function reportLost(world: World, at: number, { losses = 0 }: Scope): World | null {
  if (world.losses >= losses || world.tills[at]?.isLost === true) return null;
  const next = clone(world);
  next.losses += 1;
  (next.tills[at] as Till).isLost = true;
  next.holds = next.holds.filter(({ tillId }) => tillId !== nameOf(at));
  return next;
}
