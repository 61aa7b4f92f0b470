import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fillPathOf } from './fill-file.ts';

/** Makes a rename durable; Windows does that by itself and can not open a folder. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

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
