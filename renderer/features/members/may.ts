import type { MemberView, Person } from '../../../electron/contract/views.ts';
import type { LeaveAction, StateAction } from './panel.ts';

export type Role = Person['role'];

export const isSupervisor = (role: Role): boolean => role !== 'cashier';
export const isManager = (role: Role): boolean => role === 'manager';

/**
 * What this person may do to the member's state. Offers only; the core decides. Locking protects and is anybody's,
 * lifting it a supervisor's, blocking and lifting that a manager's.
 */
export function stateActionsOf(state: MemberView['state'], role: Role): StateAction[] {
  switch (state) {
    case 'active':
      return isManager(role) ? ['lock', 'block'] : ['lock'];
    case 'locked':
      return [
        ...(isSupervisor(role) ? ['unlock' as const] : []),
        ...(isManager(role) ? ['block' as const] : []),
      ];
    case 'blocked':
      return isManager(role) ? ['unblock'] : [];
    case 'anonymised':
      return [];
  }
}

/** Removing is a supervisor's, taking back and erasing for good a manager's. */
export function leaveActionsOf(
  { state, extras }: Pick<MemberView, 'state' | 'extras'>,
  role: Role,
): LeaveAction[] {
  if (state === 'anonymised' || !isSupervisor(role)) return [];
  if (extras.isRemoved) return isManager(role) ? ['take-back', 'anonymise'] : [];
  return isManager(role) ? ['remove', 'anonymise'] : ['remove'];
}
