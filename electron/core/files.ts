import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { DbError } from '../../db/errors.ts';
import { lockFolder, type FolderLock } from '../../db/folder-lock.ts';
import { adoptFillFile } from '../../db/replica/bulk/adopt-fill.ts';
import { openReplica } from '../../db/replica/open.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import { openTill } from '../../db/till/open.ts';
import type { TillDb } from '../../db/till/types.ts';
import { AppError } from '../contract/errors.ts';
import { clearDoubt, isInDoubt, isRightKey, mendTill } from './mending/mending.ts';
import { oweOwnKeys, restoreSomeKeys } from './own-keys.ts';
import { finishRenewal, renewFile } from './renewal.ts';
import { rescueFromSpill } from './spill.ts';
import { DAMAGED_TILL, isEmptyFile, listBackups, wasCutOff } from './mending/till-copies.ts';
import { createTillSettings, type TillSettings } from './till-settings.ts';

/** Where a till's files are and what opens them. */
interface Folder {
  dataDir: string;
  keyHex: string;
  log: Logger;
}

/** Held for as long as the core lives; a second start of the same till is told so. */
export function takeFolder(dataDir: string): { release(): void } {
  const lock = lockOwnFolder(dataDir);
  if (lock !== null) return lock;
  throw new AppError(
    'in_use',
    'This till is already running on this computer. Nothing was changed; go on there, or close it first.',
  );
}

function lockOwnFolder(dataDir: string): FolderLock | null {
  try {
    mkdirSync(dataDir, { recursive: true });
    // Only the account that runs the till may look in. Windows keeps a user's folders to the user by itself.
    if (process.platform !== 'win32') chmodSync(dataDir, 0o700);
    return lockFolder(dataDir);
  } catch (cause) {
    throw new AppError(
      'disk_failed',
      'The till’s folder can not be written. Nothing was changed; check the disk and its permissions, then start again.',
      { cause },
    );
  }
}

/** The file as it is; one that was in doubt, or not closed, is read to its end. @throws DbError */
function openSound({ dataDir, keyHex }: Folder): TillDb {
  const path = join(dataDir, 'till.db');
  const isToRead = isInDoubt(dataDir) || wasCutOff(path);
  const till = openTill({ path, keyHex });
  const [problem] = isToRead ? till.check() : [];
  if (problem === undefined) {
    clearDoubt(dataDir);
    return till;
  }
  till.close();
  throw new DbError('damaged', 'till', { detail: problem });
}

const isDamage = (cause: unknown, folder: Folder): cause is DbError =>
  cause instanceof DbError &&
  (cause.code === 'damaged' || (cause.code === 'key_wrong' && isRightKey(folder)));

/** What a start found in the till's own file and in its spill file. */
export interface OwnFile {
  till: TillDb;
  /** Actions that the file lacked and the spill file has. */
  rescued: number;
  /** The file was damaged, and made anew. */
  isMended: boolean;
}

function rescue(folder: Folder, till: TillDb): number {
  const { putBack, waiting } = rescueFromSpill(folder, till, createTillSettings(till.settings).enrolment());
  return putBack + waiting;
}

function openReady(folder: Folder): Omit<OwnFile, 'isMended'> {
  const path = join(folder.dataDir, 'till.db');
  const sound = openSound(folder);
  let till = sound;
  try {
    if (renewFile(folder, sound)) till = openTill({ path, keyHex: folder.keyHex });
    return { till, rescued: rescue(folder, till) };
  } catch (cause) {
    till.close();
    throw cause;
  }
}

function openMended(folder: Folder): OwnFile {
  const { dataDir } = folder;
  try {
    const path = join(dataDir, 'till.db');
    const isGone = (!existsSync(path) || isEmptyFile(path)) && listBackups(dataDir).length > 0;
    if (isGone) throw new DbError('damaged', 'till', { detail: 'the file is gone' });
    return { ...openReady(folder), isMended: false };
  } catch (cause) {
    if (!isDamage(cause, folder)) throw cause;
    const saved = mendTill(folder, cause);
    const { till, rescued } = openReady(folder);
    return { till, rescued: rescued + saved, isMended: true };
  }
}

/**
 * The till's own file, with what it lost put back out of its spill file. It is never thrown away: where it is damaged,
 * it is set aside and mended from its backup and the spill file (`mending.ts`); where the centre gave the till a new
 * incarnation, it is set aside first.
 */
export function openOwnFile(folder: Folder): OwnFile {
  try {
    finishRenewal(folder.dataDir);
    return openMended(folder);
  } catch (cause) {
    if (!(cause instanceof DbError)) throw cause;
    throw toStartError(cause);
  }
}

function toStartError(cause: DbError): AppError {
  switch (cause.code) {
    case 'key_wrong':
      return new AppError(
        'key_wrong',
        'The key does not open this till. Nothing was changed or deleted; put the right key file back and start again.',
        { cause },
      );
    case 'full':
      return new AppError(
        'disk_full',
        'The disk is full, so the till can not start. Everything saved is safe; free some space and start again.',
        { cause },
      );
    case 'newer':
      return new AppError(
        'update_needed',
        'The data here is from a newer version. Nothing was changed; update this till.',
        { cause },
      );
    case 'io':
      return new AppError(
        'disk_failed',
        'The disk refuses the till’s file. Nothing was changed; check the disk and its permissions, then start again.',
        { cause },
      );
    case 'damaged':
      return new AppError(
        'till_damaged',
        'The till’s own file is damaged and could not be mended. It is kept: do not delete it. Use another till, call support.',
        { cause },
      );
  }
}

/** Copies that left their place. */
const COPIES = /^replica\.db\.(damaged-|gone)/;

/** The same, and `till.db` as it was before an update. */
const COPIES_AND_BEFORE = /^(replica\.db\.(damaged-|gone)|till\.db\.(mending\.)?before-)/;

/** The copy leaves its place under another name. */
function setAside(path: string, name: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.${name}${suffix}`);
  }
}

/** Kept until there is a whole copy again: somebody may want to know what happened to it. */
const asDamaged = (path: string): void => setAside(path, `damaged-${Date.now()}`);

/** A large file takes long to delete: not while somebody waits. What a cut leaves, the next call takes. */
async function removeBeside({ dataDir, log }: Folder, names: RegExp): Promise<void> {
  const files = readdirSync(dataDir).filter((name) => names.test(name));
  const remove = (name: string): Promise<void> =>
    rm(join(dataDir, name), { force: true }).catch((cause: unknown) =>
      log.warn({ err: cause, name }, 'a file that nobody needs any more could not be removed'),
    );
  await Promise.all(files.map(remove));
}

/** Five weeks in which somebody may yet read what the spill file lacks too; then an erasure that waits is done. */
const DAMAGED_KEPT_MS = 35 * 24 * 3_600_000;

/** Counted by the centre's clock alone, from the first whole copy after the mending. */
function mayLetDamagedGo(settings: TillSettings): boolean {
  const mended = settings.mended();
  if (mended?.isSpillSound !== false) return true;
  const nowMs = settings.trustedClock()?.trustedMs;
  if (nowMs === undefined) return false;
  if (mended.keptSinceMs === undefined) settings.setMended({ ...mended, keptSinceMs: nowMs });
  return nowMs - (mended.keptSinceMs ?? nowMs) > DAMAGED_KEPT_MS;
}

/**
 * The copy is whole: damaged ones go, which hold people who may be erased since; so do files of before an update,
 * as soon as the centre has everything that is in them.
 */
export async function removeOutlived(folder: Folder, till: TillDb): Promise<void> {
  const settings = createTillSettings(till.settings);
  const isAllSent = till.ops.counts().outstanding === 0 && settings.asides().length === 0;
  await removeBeside(folder, isAllSent ? COPIES_AND_BEFORE : COPIES);
  if (isAllSent && mayLetDamagedGo(settings)) await removeBeside(folder, DAMAGED_TILL);
}

/**
 * The confirmed copy, which can be fetched again: an unreadable one is set aside and an empty one takes its
 * place, as of one that was to go when something cut it short. Own actions are in the other file and lose nothing.
 */
export function openCopy({ dataDir, keyHex, log }: Folder, till: TillDb): ReplicaDb {
  const path = join(dataDir, 'replica.db');
  const settings = createTillSettings(till.settings);
  try {
    if (!settings.isCopyToGo()) return openReplica({ path, keyHex });
    setAside(path, 'gone');
    const empty = openReplica({ path, keyHex });
    settings.setCopyToGo(false);
    return empty;
  } catch (cause) {
    if (!(cause instanceof DbError) || (cause.code !== 'damaged' && cause.code !== 'key_wrong')) {
      throw cause instanceof DbError ? toStartError(cause) : cause;
    }
    log.error({ code: cause.code }, 'the copy of the members is damaged; it is set aside and fetched again');
    oweOwnKeys(till);
    asDamaged(path);
    const copy = openReplica({ path, keyHex });
    restoreSomeKeys(till);
    return copy;
  }
}

/** Who holds the copy, and is told when there is none that can be opened. */
export interface CopySlot {
  till: TillDb;
  copy: ReplicaDb;
  onDiskFault: ((code: string) => void) | undefined;
}

/** Own keys first: where they can not be written, nothing has changed. Whatever fails then, a copy is open. */
function swapCopy(slot: CopySlot, folder: Folder, change: (path: string) => void): void {
  const { till } = slot;
  oweOwnKeys(till);
  restoreSomeKeys(till);
  slot.copy.close();
  try {
    change(join(folder.dataDir, 'replica.db'));
    slot.copy = openCopy(folder, till);
  } catch (cause) {
    try {
      slot.copy = openCopy(folder, till);
    } catch (again) {
      folder.log.error({ err: again }, 'the copy of the members can not be opened');
      slot.onDiskFault?.('io');
    }
    throw cause;
  }
}

/** The same at run time, when a read met a damaged page. */
export function replaceCopy(slot: CopySlot, folder: Folder): void {
  folder.log.error('the copy of the members is damaged; it is set aside and fetched again');
  swapCopy(slot, folder, asDamaged);
}

/** A copy that was filled beside this one takes its place; what the till holds of its own stays. */
export const adoptFill = (slot: CopySlot, folder: Folder): void => swapCopy(slot, folder, adoptFillFile);

/** An empty copy takes the place of this one, at once, however large it is. */
export function renewCopy(slot: CopySlot, folder: Folder): void {
  swapCopy(slot, folder, (path) => setAside(path, 'gone'));
  void removeBeside(folder, /^replica\.db\.gone/);
}
