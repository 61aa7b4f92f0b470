import type { StaffId } from '../base/ids.ts';
import type { StaffRole } from '../model/chain.ts';
import type { Op, OpBody } from '../model/op.ts';
import { isAtLeast } from './roles.ts';

/** Acts that nobody does alone: what is erased comes back by no hand. */
export const needsSecond = (body: OpBody): boolean =>
  body.kind === 'member.state' && body.state === 'anonymised';

/** Who stood by an act beside its actor; undefined for nobody. */
export const secondOf = (body: OpBody): StaffId | undefined =>
  'secondId' in body ? body.secondId : undefined;

/** Whether two people stand behind it, or have to. */
export const isOfTwo = (body: OpBody): boolean => needsSecond(body) || secondOf(body) !== undefined;

/** What she must be at least: she vouches for points as one who might have given them, for the rest with her eyes. */
export const leastSecond = (kind: OpBody['kind']): StaffRole =>
  kind === 'points.credited' ? 'manager' : 'supervisor';

/**
 * Whether the people who stand behind an act are enough: somebody else than the actor, of the role that it takes.
 * Checked in the core before the op exists and again at the centre, like `roleNeeded`; the PIN is checked once, where
 * it is typed.
 *
 * @param roleOf Undefined for somebody who is not known or does not work here any more.
 */
export function isBacked(
  { actorId, body }: Pick<Op, 'actorId' | 'body'>,
  roleOf: (staffId: StaffId) => StaffRole | undefined,
): boolean {
  const secondId = secondOf(body);
  if (secondId === undefined) return !needsSecond(body);
  const role = roleOf(secondId);
  return secondId !== actorId && role !== undefined && isAtLeast(role, leastSecond(body.kind));
}
