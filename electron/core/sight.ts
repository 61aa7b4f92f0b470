import { DbError } from '../../db/errors.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { isAtLeast } from '../../sync/merge/roles.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import type { RevealReason } from '../contract/members.ts';
import type { Session } from '../contract/till.ts';
import type { Ctx } from './ctx.ts';

interface Sight {
  /** The one member whom the session has open. */
  open: { memberId: MemberId; isWhole: boolean } | null;
  /** Whom a manager has opened: that she looked is kept, so what comes late or from a list shows no more than that. */
  seen: Set<MemberId>;
}
/** What each session sees whole, by the session itself: it ends with it. */
export type OpenMembers = WeakMap<Session, Sight>;

interface Look {
  session: Session;
  memberId: MemberId;
  /** Her role, or what she said. */
  why: 'role' | RevealReason;
}

/** Keeps who looked at whom, and why; again within an hour it is the same line. */
function keepLook({ till, clock, screen, place = screen }: Ctx, { session, memberId, why }: Look): void {
  const told = { staffId: session.person.staffId, act: 'look', outcome: why, place, memberId };
  till.signIns.add({ atMs: Math.max(0, clock.nowMs()), ...told }, 'together');
}

/** False where the disk has no room for the line: then nothing is shown that nobody would know of. */
function isKept(keep: () => void): boolean {
  try {
    keep();
    return true;
  } catch (cause) {
    if (cause instanceof DbError && cause.code === 'full') return false;
    throw cause;
  }
}

/** By her role as it is now. */
function isRole({ directory }: Ctx, { person }: Session, least: StaffRole): boolean {
  const known = directory.staff(person.staffId);
  return known?.isGone !== true && isAtLeast(known?.role ?? person.role, least);
}

function sightOf({ openMembers }: Ctx, session: Session): Sight {
  const sight = openMembers.get(session) ?? { open: null, seen: new Set() };
  openMembers.set(session, sight);
  return sight;
}

/** Keeps that a manager looks at her. False where that can not be kept, or whoever asks is none. */
function managerLooks(ctx: Ctx, session: Session, memberId: MemberId): boolean {
  const { seen } = sightOf(ctx, session);
  const look = (): boolean => isKept(() => keepLook(ctx, { session, memberId, why: 'role' }));
  const isSeen = isRole(ctx, session, 'manager') && look();
  if (isSeen) seen.add(memberId);
  else seen.delete(memberId);
  return isSeen;
}

/**
 * Whether the session has that member open, and whole, or is a manager's who has opened her; nothing is kept or changed
 * by asking. So is the reply of every command shown: it may come when another member is open.
 */
export function seesWhole(ctx: Ctx, memberId: MemberId): boolean {
  const { session } = ctx;
  if (session === null || !isRole(ctx, session, 'supervisor')) return false;
  const { open, seen } = sightOf(ctx, session);
  if (open?.memberId === memberId && open.isWhole) return true;
  return seen.has(memberId) && isRole(ctx, session, 'manager');
}

/**
 * The member comes to the session's screen; whoever was open there is no more. Whether she is shown whole: to a
 * manager, which is kept, and to a supervisor who said why (`reveal`). To nobody else, nor where no PIN was shown.
 */
export function opensWhole(ctx: Ctx, memberId: MemberId): boolean {
  const { session } = ctx;
  if (session === null) return false;
  const sight = sightOf(ctx, session);
  const isOpen = sight.open?.memberId === memberId && seesWhole(ctx, memberId);
  const isWhole = isOpen || managerLooks(ctx, session, memberId);
  sight.open = { memberId, isWhole };
  return isWhole;
}

/** Somebody new, made by the session: its manager sees her whole, and whoever is open there stays open. */
export function seesNew(ctx: Ctx, memberId: MemberId): boolean {
  const { session } = ctx;
  return session !== null && (seesWhole(ctx, memberId) || managerLooks(ctx, session, memberId));
}

/** Shows her whole to that session until another member is opened there. @throws DbError Where it can not be kept. */
export function reveal(ctx: Ctx, look: Look): void {
  keepLook(ctx, look);
  sightOf(ctx, look.session).open = { memberId: look.memberId, isWhole: true };
}
