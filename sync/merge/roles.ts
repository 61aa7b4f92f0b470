import { WHOLE_CHAIN } from '../base/ids.ts';
import { unreachable } from '../base/must.ts';
import { isBuiltInGuarded } from '../model/attributes.ts';
import type { StaffRole } from '../model/chain.ts';
import type { ExtrasPatch, NewExtras } from '../model/extras.ts';
import type { MemberState } from '../model/member.ts';
import type { OpBody } from '../model/op.ts';

const RANK: Record<StaffRole, number> = { cashier: 0, supervisor: 1, manager: 2 };

export const isAtLeast = (role: StaffRole, least: StaffRole): boolean => RANK[role] >= RANK[least];

const SUPERVISOR_FIELDS = ['isCreditAllowed', 'tier', 'tierUntil'] as const;

type IsGuarded = (attributeId: string) => boolean;

/**
 * The lowest role that may do what `body` says. Checked in the core before the op exists and again at the
 * centre (I7).
 *
 * @param from The member's state before, where the op changes it.
 * @param isGuarded True for a custom attribute that only a supervisor sets.
 * Points without a purchase are a supervisor's and up to a limit a day (`hand-limits.ts`): the fraud seen elsewhere is
 * staff crediting their own card.
 */
export function roleNeeded(
  body: OpBody,
  from: MemberState | undefined,
  isGuarded: IsGuarded = isBuiltInGuarded,
): StaffRole {
  switch (body.kind) {
    case 'points.credited':
      if (body.secondId !== undefined) return 'manager';
      return body.amountMinor === null ? 'supervisor' : 'cashier';
    case 'member.changed':
      return SUPERVISOR_FIELDS.some((field) => body.fields[field] !== undefined) ? 'supervisor' : 'cashier';
    case 'member.state':
      return stateRole(body.state, from);
    case 'member.extras':
    case 'member.created':
      return extrasRole(body.kind === 'member.extras' ? body : (body.extras ?? {}), isGuarded);
    case 'member.removed':
      return body.isRemoved && body.undone === undefined ? 'supervisor' : 'manager';
    case 'purchase.edited':
    case 'points.expired':
      return 'supervisor';
    case 'message.requested':
      return body.memberId === WHOLE_CHAIN ? 'manager' : 'cashier';
    case 'export.made':
      return body.what === 'history' ? 'supervisor' : 'manager';
    case 'tier.earned':
    case 'document.saved':
    case 'member.merged':
    case 'member.unmerged':
    case 'balance.forfeited':
    case 'credit.paidOut':
      return 'manager';
    case 'card.status':
      if (body.undone !== undefined) return 'manager';
      return body.status === 'lost' ? 'cashier' : 'supervisor';
    case 'consent.recorded':
    case 'card.issued':
    case 'card.replaced':
    case 'entry.corrected':
    case 'stamp.added':
    case 'points.debited':
    case 'visit.deducted':
    case 'visits.added':
    case 'credit.toppedUp':
    case 'credit.earned':
    case 'credit.spent':
    case 'reward.redeemed':
      return 'cashier';
    default:
      return unreachable(body);
  }
}

/**
 * A cashier writes down what a member tells or brings; whom it puts where, and what was checked, is a supervisor's
 * word, and so is taking back a receipt, like another amount for a purchase. That a receipt is good is a manager's.
 */
function extrasRole(extras: ExtrasPatch | NewExtras, isGuarded: IsGuarded): StaffRole {
  if ('checked' in extras && extras.checked !== undefined) return 'manager';
  const isPlaced = extras.tags !== undefined || extras.groups !== undefined || extras.verified !== undefined;
  const ofCards = 'cards' in extras ? Object.values(extras.cards ?? {}).flatMap(Object.keys) : [];
  const isTakenBack = 'takeBack' in extras && extras.takeBack !== undefined;
  // That a card is off its phone clears the way for taking it out of use.
  const isOffPhone = 'installed' in extras && Object.values(extras.installed ?? {}).includes(false);
  const isGuardedValue = [...Object.keys(extras.custom ?? {}), ...ofCards].some(isGuarded);
  return isPlaced || isTakenBack || isOffPhone || isGuardedValue ? 'supervisor' : 'cashier';
}

/**
 * Locking protects and is anybody's; lifting it a supervisor's; a block goes on and off by a manager only.
 */
function stateRole(to: MemberState, from: MemberState | undefined): StaffRole {
  if (to === 'blocked' || to === 'anonymised' || from === 'blocked') return 'manager';
  return to === 'locked' ? 'cashier' : 'supervisor';
}

/**
 * Whether a person of that role may start a new epoch of a member's state. A cashier only raises within the
 * one that she saw: a lock of hers must not wash away a block that somebody set elsewhere meanwhile.
 */
export const mayStartEpoch = (role: StaffRole): boolean => isAtLeast(role, 'supervisor');
