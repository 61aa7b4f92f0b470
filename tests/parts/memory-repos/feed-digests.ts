import type * as Real from '../../../crm/repos/feed-digests.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/feed-digests.ts';

/** Replicas in memory keep no digests, so nobody compares with these. */
export const saveHashes: typeof Real.saveHashes = (tx) => unitOf(tx).step();
