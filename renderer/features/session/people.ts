import type { Person } from '../../../electron/contract/views.ts';

/** A till that is told who works in its own shop gets that as a mark on each person. */
export type Known = Person & { readonly worksHere?: boolean };

/** The people of this shop first, in the order of their names; `others` are a press away. */
export function sortPeople<P extends Known>(people: readonly P[]): { here: P[]; others: P[] } {
  const inOrder = people.toSorted((left, right) => left.name.localeCompare(right.name));
  const here = inOrder.filter(({ worksHere }) => worksHere === true);
  // A new shop, or a centre that does not tell: then nobody is somebody else.
  if (here.length === 0) return { here: inOrder, others: [] };
  return { here, others: inOrder.filter(({ worksHere }) => worksHere !== true) };
}
