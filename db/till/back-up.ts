import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkFile } from '../check.ts';
import { DbError, guard } from '../errors.ts';
import { copyInto } from '../migrate.ts';
import { openFile, type Connection } from '../open.ts';
import { syncFolder } from '../sync-folder.ts';

export interface BackUp {
  /** `till.db`; it may be in use meanwhile. */
  path: string;
  keyHex: string;
  /** What the copy is called once it is whole. */
  target: string;
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

/** The copy's own faults: the original was read to its end, so none of them is about `till.db`. */
function asCopyFault(cause: unknown): unknown {
  if (!(cause instanceof DbError) || cause.code === 'full') return cause;
  return new DbError('io', 'till', { cause, detail: `the backup can not be read back (${cause.code})` });
}

function readBack(place: Pick<BackUp, 'path' | 'keyHex'>): number {
  try {
    return withFile(place, (raw) => {
      assertSound(raw);
      return lastTseqOf(raw);
    });
  } catch (cause) {
    throw asCopyFault(cause);
  }
}

const assertSound = (raw: Connection): void => {
  const [problem] = checkFile(raw, 'till', []);
  if (problem !== undefined) throw new DbError('damaged', 'till', { detail: problem });
};

function removePart(part: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(part + suffix, { force: true });
}

/**
 * An encrypted copy of `till.db` under the same key, looked through and durable before it gets its name. Every page of
 * the original is read first: damage is found, and never copied over a sound file.
 *
 * @param copy Writes the copy; tests put a disk that fails in its place.
 * @returns The newest op that the copy has; 0 for none.
 * @throws DbError `damaged` when the original is not sound, `io` when the copy is not. No part of it is left.
 */
export function backUpTill({ path, keyHex, target }: BackUp, copy = copyInto): number {
  const part = `${target}.part`;
  removePart(part);
  let lastTseq: number;
  try {
    withFile({ path, keyHex }, (raw) => {
      assertSound(raw);
      copy(raw, part);
    });
    lastTseq = readBack({ path: part, keyHex });
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(part + suffix)) throw new DbError('io', 'till', { detail: 'a backup was left open' });
    }
  } catch (cause) {
    removePart(part);
    throw cause;
  }
  renameSync(part, target);
  syncFolder(dirname(target));
  return lastTseq;
}
