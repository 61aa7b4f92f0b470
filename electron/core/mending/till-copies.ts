import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Copies of `till.db` beside it: `till.db.backup-INCARNATION-TSEQ`, by the newest op that they have. */
const BACKUP = /^till\.db\.backup-(\d+)-(\d+)$/;
/** What was damaged and set aside, and its logs. */
export const DAMAGED_TILL = /^till\.db\.damaged-/;
export const SUFFIXES = ['', '-wal', '-shm'];

export interface TillCopy {
  name: string;
  incarnation: number;
  tseq: number;
}

/** Newest first. */
export function listBackups(dataDir: string): TillCopy[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(dataDir)
    .flatMap((name) => {
      const [, incarnation, tseq] = BACKUP.exec(name) ?? [];
      if (incarnation === undefined || tseq === undefined) return [];
      return [{ name, incarnation: Number(incarnation), tseq: Number(tseq) }];
    })
    .sort((one, other) => other.incarnation - one.incarnation || other.tseq - one.tseq);
}

export const backupName = (incarnation: number, tseq: number): string =>
  `till.db.backup-${incarnation}-${tseq}`;

export function removeBackups(dataDir: string, but?: string): void {
  for (const { name } of listBackups(dataDir)) if (name !== but) rmSync(join(dataDir, name));
}

/** A file with its logs, under another name. */
export function moveFile(from: string, to: string): void {
  for (const suffix of SUFFIXES) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}

export function removeFile(path: string): void {
  for (const suffix of SUFFIXES) rmSync(path + suffix, { force: true });
}

/** The last who had it open did not close it: a power cut, a kill, or a crash. */
export const wasCutOff = (path: string): boolean =>
  existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;
