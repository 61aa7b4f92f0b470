import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from '../../sync-folder.ts';
import { fillPathOf } from './fill-file.ts';

/**
 * Puts a ready fill in the place of the copy, which nobody has open any more. The log of the old copy goes
 * first: it must never be taken for one of the new.
 *
 * @param replicaPath the copy's path; the fill lies beside it
 */
export function adoptFillFile(replicaPath: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(replicaPath + suffix, { force: true });
  renameSync(fillPathOf(replicaPath), replicaPath);
  rmSync(`${fillPathOf(replicaPath)}-journal`, { force: true });
  syncFolder(dirname(replicaPath));
}
