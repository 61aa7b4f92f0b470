import type * as Real from '../../../db/replica/worker-host.ts';
import { fillAt } from '../memory-fill.ts';

const nothing = (): Promise<void> => Promise.resolve();

/** Without a thread: what it does is done at once, and durable when it resolves. */
export const startReplicaWorker: typeof Real.startReplicaWorker = (place) => ({
  insertChunk: async (image, chunk) => fillAt(place).insertChunk(image, chunk),
  finishFill: async (end) => fillAt(place).finish(end),
  tend: nothing,
  checkpoint: nothing,
  letGo: nothing,
  scrub: () => Promise.reject(new Error('replicas in memory keep no digests')),
  scanCards: () => Promise.reject(new Error('replicas in memory sort no cards')),
  check: () => Promise.resolve([]),
  backUpTill: () => Promise.reject(new Error('a file in memory has no path')),
  close: nothing,
});
