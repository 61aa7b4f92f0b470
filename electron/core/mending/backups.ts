import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { DbError } from '../../../db/errors.ts';
import { startReplicaWorker } from '../../../db/replica/worker-host.ts';
import { syncFolder } from '../../../db/sync-folder.ts';
import type { TillDb } from '../../../db/till/types.ts';
import { freeOn, SHORT_BYTES } from '../disk-watch.ts';
import { backupName, bytesOf, listBackups, removeBackups, removeFile, type TillCopy } from './till-copies.ts';
import type { TillSettings } from '../till-settings.ts';

/** So much more in the spill file is worth a new copy. */
const OPS_BEHIND_MAX = 500;
const AGE_MS_MAX = 12 * 3_600_000;
/** A copy that is older than this keeps no record in the spill file: that one must not grow without end. */
const REACH_OPS_MAX = 5_000;
const RETRY_MS = 3_600_000;
/** A till's first minute belongs to whoever waits for it. */
const BACK_UP_AFTER_MS = 60_000;
const PART = 'till.db.backup-next';

interface Parts {
  till: TillDb;
  settings: TillSettings;
  dataDir: string;
  keyHex: string;
  log: Logger;
  /** How long after the start the first copy may be made. */
  backUpAfterMs?: number | undefined;
  /** As `disk-watch.ts` has it. */
  freeBytes?: typeof freeOn | undefined;
  /** What the copying found: `till.db` is not sound. */
  onDamaged: () => void;
}

/**
 * The copy of `till.db` that it is mended from. What was saved since is in the spill file, which keeps it as long as
 * the copy lacks it: both together are always the whole of the till's own ops.
 */
export interface Backups {
  /** The newest op of the copy; null while there is none, or where it is so old that the spill waits for it no more. */
  reach(): number | null;
  /** Somebody is erased: the copy goes at once, and one that is being made is not kept. */
  drop(): void;
  /** Makes a copy when one is due; resolves when nothing is under way. Failures are told, never thrown. */
  tend(): Promise<void>;
  close(): Promise<void>;
}

export function createBackups(parts: Parts): Backups {
  const { till, settings, log, dataDir, keyHex, backUpAfterMs = BACK_UP_AFTER_MS } = parts;
  const startedAtMs = performance.now();
  // One that a cut has left holds people who may be erased since.
  removeParts(dataDir);
  let kept: TillCopy | null = listBackups(dataDir)[0] ?? null;
  let drops = 0;
  /** Null before the first look. */
  let closesAtBackup: string | null = null;
  let isClosed = false;
  /** After a failure: not before. */
  let retryAtMs = 0;
  let running: Promise<void> | null = null;
  let worker: ReturnType<typeof startReplicaWorker> | null = null;

  const isDue = (): boolean => {
    const enrolment = settings.enrolment();
    if (enrolment === null || till.isNewer || performance.now() - startedAtMs < backUpAfterMs) return false;
    if (kept === null || kept.incarnation !== enrolment.incarnation) return true;
    closesAtBackup ??= latestClose(till);
    if (opsBehind(till, kept) >= OPS_BEHIND_MAX || latestClose(till) !== closesAtBackup) return true;
    return Date.now() - statSync(join(dataDir, kept.name)).mtimeMs > AGE_MS_MAX;
  };
  const make = async (): Promise<void> => {
    const [before, closes] = [drops, latestClose(till)];
    const incarnation = settings.enrolment()?.incarnation ?? 0;
    worker = startReplicaWorker({ path: join(dataDir, 'till.db'), keyHex });
    try {
      const tseq = await worker.backUpTill(join(dataDir, PART));
      if (drops !== before) return removeParts(dataDir);
      kept = adoptPart(dataDir, incarnation, tseq);
      closesAtBackup = closes;
    } catch (cause) {
      removeParts(dataDir);
      throw cause;
    } finally {
      const ended = worker;
      worker = null;
      await ended.close();
    }
  };
  const fail = (cause: unknown): void => {
    if (cause instanceof DbError && cause.code === 'damaged') return parts.onDamaged();
    retryAtMs = performance.now() + RETRY_MS;
    log.warn({ err: cause }, 'no backup of the till’s own file could be made; it is tried again in an hour');
  };
  const run = async (): Promise<void> => {
    try {
      if (isClosed || performance.now() < retryAtMs || !isDue()) return;
      assertRoom(parts);
      await make();
    } catch (cause) {
      if (!isClosed) fail(cause);
    }
  };
  return {
    reach: () => (kept === null || opsBehind(till, kept) > REACH_OPS_MAX ? null : kept.tseq),
    drop: () => {
      drops += 1;
      kept = null;
      removeBackups(dataDir);
    },
    tend: () => {
      running ??= run().finally(() => (running = null));
      return running;
    },
    close: async () => {
      isClosed = true;
      drops += 1;
      await worker?.close();
      await running;
    },
  };
}

function removeParts(dataDir: string): void {
  for (const suffix of ['', '.part']) removeFile(join(dataDir, PART + suffix));
}

const opsBehind = (till: TillDb, { tseq }: TillCopy): number => (till.ops.last()?.tseq ?? 0) - tseq;

/** The copy takes its place; those before it go. */
function adoptPart(dataDir: string, incarnation: number, tseq: number): TillCopy {
  const name = backupName(incarnation, tseq);
  renameSync(join(dataDir, PART), join(dataDir, name));
  syncFolder(dataDir);
  removeBackups(dataDir, name);
  return { name, incarnation, tseq };
}

/**
 * What sales need stays free, though the copy were twice as large as `till.db`. A disk that does not tell has room.
 * @throws DbError `full`
 */
function assertRoom({ dataDir, freeBytes = freeOn }: Pick<Parts, 'dataDir' | 'freeBytes'>): void {
  let free: number;
  try {
    free = freeBytes(dataDir);
  } catch {
    return;
  }
  if (free <= 2 * bytesOf(join(dataDir, 'till.db')) + SHORT_BYTES)
    throw new DbError('full', 'till', { detail: 'a backup would take the room that sales need' });
}

/** '' before the first. */
const latestClose = (till: TillDb): string => till.closes.list(1)[0]?.businessDay ?? '';
