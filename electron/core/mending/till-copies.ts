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

/** Of a file and its logs; 0 for none. */
export const bytesOf = (path: string): number =>
  SUFFIXES.reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);

/** Nothing is in there: never written, or cut down by the disk. */
export const isEmptyFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.size === 0;

/**
 * Logs whose `till.db` left its place before them: whatever took that place would have them for its own. They go to
 * the file that was set aside last and has none.
 */
export function moveStrayLogs(dataDir: string): void {
  const numbers = readdirSync(dataDir).map((name) => Number(/^till\.db\.damaged-(\d+)/.exec(name)?.[1] ?? 0));
  const last = Math.max(0, ...numbers);
  for (const suffix of SUFFIXES.slice(1)) {
    const from = join(dataDir, `till.db${suffix}`);
    if (!existsSync(from)) continue;
    const to = join(dataDir, `till.db.damaged-${last}${suffix}`);
    renameSync(from, existsSync(to) ? join(dataDir, `till.db.damaged-${last + 1}${suffix}`) : to);
  }
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
