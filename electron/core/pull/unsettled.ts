import type { ReplicaDb } from '../../../db/replica/types.ts';
import type { Puller } from './puller.ts';

/**
 * True when the copy lacks what files do not carry: it comes before the rows of an answer. But a centre that was put
 * back may not have it, so such a run hears the centre first, and takes no rows.
 */
export function isUnsettled({ puller, replica }: { puller?: Puller; replica: () => ReplicaDb }): boolean {
  const { settled, cursor } = replica().meta();
  return puller !== undefined && !replica().isNewer && settled < cursor;
}
