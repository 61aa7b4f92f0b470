import type { Person } from '../../../electron/contract/views.ts';

/** The people of this shop and of the whole chain, in the order of their names; `others` are a press away. */
export function sortPeople<P extends Person>(people: readonly P[]): { here: P[]; others: P[] } {
  const inOrder = people.toSorted((left, right) => left.name.localeCompare(right.name));
  const here = inOrder.filter(({ worksHere }) => worksHere !== false);
  // A new shop: then nobody is somebody else.
  if (here.length === 0) return { here: inOrder, others: [] };
  return { here, others: inOrder.filter(({ worksHere }) => worksHere === false) };
}
