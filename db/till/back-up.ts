import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkFile } from '../check.ts';
import { DbError, guard } from '../errors.ts';
import { copyInto } from '../migrate.ts';
import { openFile, type Connection } from '../open.ts';

export interface BackUp {
  /** `till.db`; it may be in use meanwhile. */
  path: string;
  keyHex: string;
  /** What the copy is called once it is whole. */
  target: string;
}

/** So that a rename survives a power cut. Windows keeps its own order. */
export function syncFolder(dataDir: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dataDir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

const lastTseqOf = (raw: Connection): number =>
  // Cast: one number.
  raw.prepare('SELECT coalesce(max(tseq), 0) FROM ops').pluck().get() as number;

function withFile<T>(place: Pick<BackUp, 'path' | 'keyHex'>, act: (raw: Connection) => T): T {
  const raw = openFile({ ...place, file: 'till' });
  try {
    return guard('till', () => act(raw));
  } finally {
    raw.close();
  }
}

const assertSound = (raw: Connection): void => {
  const [problem] = checkFile(raw, 'till', []);
  if (problem !== undefined) throw new DbError('damaged', 'till', { detail: problem });
};

/**
 * An encrypted copy of `till.db` under the same key, looked through and durable before it gets its name. Every page of
 * the original is read first: damage is found, and never copied over a sound file.
 *
 * @returns The newest op that the copy has; 0 for none. @throws DbError `damaged` when the original is not sound.
 */
export function backUpTill({ path, keyHex, target }: BackUp): number {
  const part = `${target}.part`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(part + suffix, { force: true });
  withFile({ path, keyHex }, (raw) => {
    assertSound(raw);
    copyInto(raw, part);
  });
  const lastTseq = withFile({ path: part, keyHex }, (raw) => {
    assertSound(raw);
    return lastTseqOf(raw);
  });
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(part + suffix)) throw new DbError('io', 'till', { detail: 'a backup was left open' });
  }
  renameSync(part, target);
  syncFolder(dirname(target));
  return lastTseq;
}
