import { DbError } from '../../db/errors.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { isAtLeast } from '../../sync/merge/roles.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import type { RevealReason } from '../contract/members.ts';
import type { Session } from '../contract/till.ts';
import type { Ctx } from './ctx.ts';

/** The one member whom a session has open, by the session itself: it ends with it. */
export type OpenMembers = WeakMap<Session, { memberId: MemberId; isWhole: boolean }>;

interface Look {
  session: Session;
  memberId: MemberId;
  /** Her role, or what she said. */
  why: 'role' | RevealReason;
}

/** Keeps who looked at whom, and why; again within an hour it is the same line. */
function keepLook({ till, clock, screen }: Ctx, { session, memberId, why }: Look): void {
  const told = { staffId: session.person.staffId, act: 'look', outcome: why, place: screen, memberId };
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

/** Whether the session has that member open, and whole; nothing is kept or changed by asking. */
export function seesWhole(ctx: Ctx, memberId: MemberId): boolean {
  const { session, openMembers } = ctx;
  if (session === null || !isRole(ctx, session, 'supervisor')) return false;
  const open = openMembers.get(session);
  return open?.memberId === memberId && open.isWhole;
}

/**
 * The member comes to the session's screen; whoever was open there is no more. Whether she is shown whole: to a
 * manager, which is kept, and to a supervisor who said why (`reveal`). To nobody else, nor where no PIN was shown.
 */
export function opensWhole(ctx: Ctx, memberId: MemberId): boolean {
  const { session, openMembers } = ctx;
  if (session === null) return false;
  const look = (): boolean => isKept(() => keepLook(ctx, { session, memberId, why: 'role' }));
  const isWhole = seesWhole(ctx, memberId) || (isRole(ctx, session, 'manager') && look());
  openMembers.set(session, { memberId, isWhole });
  return isWhole;
}

/** Shows her whole to that session until another member is opened there. @throws DbError Where it can not be kept. */
export function reveal(ctx: Ctx, look: Look): void {
  keepLook(ctx, look);
  ctx.openMembers.set(look.session, { memberId: look.memberId, isWhole: true });
}
