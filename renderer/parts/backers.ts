import type { Person } from '../../electron/contract/views.ts';

/** Who may stand by an act beside the person at work: somebody else, of the role that it takes. This shop's first. */
export function backers({
  people,
  ownStaffId,
  least,
}: Readonly<{
  people: readonly Person[];
  ownStaffId: string | undefined;
  least: 'supervisor' | 'manager';
}>): readonly Person[] {
  return people
    .filter(({ staffId, role }) => staffId !== ownStaffId && role !== 'cashier')
    .filter(({ role }) => least === 'supervisor' || role === 'manager')
    .toSorted(
      (left, right) =>
        Number(left.worksHere === false) - Number(right.worksHere === false) ||
        left.name.localeCompare(right.name),
    );
}
