import type { StaffRole } from '../model/chain.ts';
import { DEFAULT_SPEND_POLICY, type SpendPolicy } from '../model/spend-policy.ts';

/** Points that somebody of that role may give by hand alone on one business day; 0: none. */
export function handLimit(role: StaffRole, policy: SpendPolicy = DEFAULT_SPEND_POLICY): number {
  if (role === 'manager') return policy.handPerDayManager;
  return role === 'supervisor' ? policy.handPerDaySupervisor : 0;
}
