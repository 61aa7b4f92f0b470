import { must } from '../../../sync/base/must.ts';
import type { Connection } from '../../open.ts';

/** @returns How many pages lie in the log and not in the file yet. Moves none. */
export function logReader(raw: Connection): () => number {
  const look = raw.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)');
  return () => {
    const { log, checkpointed } = must(look.get(), 'a log says how long it is');
    return Math.max(log - checkpointed, 0);
  };
}

/** Moves the log into the file as far as readers allow; writers go on meanwhile. */
export function moveLog(raw: Connection): void {
  raw.pragma('wal_checkpoint(PASSIVE)');
}
