import { existsSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { DbError } from '../../../db/errors.ts';
import { openFile } from '../../../db/open.ts';
import { openSalvage, type Salvage } from '../../../db/till/salvage.ts';
import { openTill } from '../../../db/till/open.ts';
import { syncFolder } from '../../../db/sync-folder.ts';
import type { TillDb } from '../../../db/till/types.ts';
import { sealOp } from '../../../sync/model/op.ts';
import { nodeCrypto } from '../crypto.ts';
import { forgetPurged } from '../purge.ts';
import { letGrantsGo, putBack, rescueFromSpill } from '../spill.ts';
import { createTillSettings, Enrolment } from '../till-settings.ts';
import { copyFile, copyReadable } from './copy-file.ts';
import { listBackups, moveFile, removeBackups, removeFile, SUFFIXES } from './till-copies.ts';

/** Says that a read met a damaged page: the next start reads all of the file before it uses it. */
const DOUBT = 'till.db.doubt';
const CLOSES_MAX = 750;

interface Folder {
  dataDir: string;
  keyHex: string;
  log: Logger;
}

export const noteDoubt = (dataDir: string): void => writeFileSync(join(dataDir, DOUBT), '');
export const isInDoubt = (dataDir: string): boolean => existsSync(join(dataDir, DOUBT));
export const clearDoubt = (dataDir: string): void => rmSync(join(dataDir, DOUBT), { force: true });

/**
 * A first page that can not be read looks the same with a wrong key. True when another file here opens with this one,
 * so that the key is right and the page is not.
 */
export function isRightKey({ dataDir, keyHex }: Folder): boolean {
  const copies = listBackups(dataDir).map(({ name }) => [name, 'till'] as const);
  const others = [...copies, ['replica.db', 'replica'], ['imports.db', 'imports']] as const;
  return others.some(([name, file]) => {
    const path = join(dataDir, name);
    if (!existsSync(path)) return false;
    try {
      openFile({ path, keyHex, file }).close();
      return true;
    } catch (cause) {
      if (cause instanceof DbError) return false;
      throw cause;
    }
  });
}

function freeName(dataDir: string): string {
  for (let at = 1; ; at += 1) {
    const name = `till.db.damaged-${at}`;
    if (!SUFFIXES.some((suffix) => existsSync(join(dataDir, name + suffix)))) return name;
  }
}

/**
 * What is left in the damaged file, read from a copy: the file itself stays as it is.
 * @throws DbError `full` when there is no room for that copy: what it holds must not count as lost.
 */
function withSalvage<T>({ dataDir, keyHex, log }: Folder, act: (salvage: Salvage | null) => T): T {
  const path = join(dataDir, 'till.db');
  const reading = `${path}.reading`;
  removeFile(reading);
  let salvage: Salvage | null = null;
  try {
    for (const suffix of ['', '-wal']) {
      if (existsSync(path + suffix)) copyReadable(path + suffix, reading + suffix);
    }
    salvage = existsSync(reading) ? openSalvage({ path: reading, keyHex }) : null;
  } catch (cause) {
    if (cause instanceof DbError && cause.code === 'full') {
      removeFile(reading);
      throw cause;
    }
    log.warn({ err: cause }, 'nothing can be read of the damaged file');
  }
  try {
    return act(salvage);
  } finally {
    salvage?.close();
    removeFile(reading);
  }
}

const enrolmentIn = (salvage: Salvage | null): Enrolment | null =>
  Enrolment.safeParse(salvage?.settings.get('enrolment')).data ?? null;

/** A file on its way, under a name that no start takes for a whole one. */
const unfinished = (dataDir: string): string => join(dataDir, 'till.db.mending');

/** The newest sound copy of this very incarnation as the new file; an empty one where there is none. */
function openBase({ dataDir, keyHex, log }: Folder, known: Enrolment | null) {
  const path = unfinished(dataDir);
  for (const { name, incarnation } of listBackups(dataDir)) {
    if (known !== null && known.incarnation !== incarnation) continue;
    removeFile(path);
    try {
      copyFile(join(dataDir, name), path);
      const till = openTill({ path, keyHex });
      if (till.check().length === 0) return { till, isBackup: true };
      till.close();
    } catch (cause) {
      if (!(cause instanceof DbError) || cause.code === 'full') throw cause;
      log.error({ err: cause, name }, 'a backup of the till’s own file can not be used');
    }
  }
  removeFile(path);
  // None of them is this till's any more: it may come back as another one.
  removeBackups(dataDir);
  return { till: openTill({ path, keyHex }), isBackup: false };
}

/** Own ops behind the last of `till`, hash by hash, as far as their pages can be read. */
function copyTail(till: TillDb, salvage: Salvage): void {
  for (;;) {
    const last = till.ops.last();
    const stored = salvage.opAt((last?.tseq ?? 0) + 1);
    if (stored === undefined || stored.commitment !== undefined) return;
    const sealed = sealOp(stored.op, nodeCrypto);
    if (sealed.hash !== stored.hash || (last !== null && stored.op.prev !== last.hash)) return;
    putBack(till, sealed);
  }
}

/** The centre's answers that can be read: without them an op would count once more until the line is back. */
function copyAcks(till: TillDb, salvage: Salvage): void {
  for (let tseq = till.ops.ackedTseq() + 1; ; tseq += 1) {
    const stored = salvage.opAt(tseq);
    if (stored === undefined || stored.ackSeq === null || stored.hash !== till.ops.hashOf(tseq)) return;
    const { heldReason, ackSeq } = stored;
    const held = heldReason === null ? [] : [{ tseq, reason: heldReason }];
    till.ops.recordAcks([{ firstTseq: tseq, count: 1, firstSeq: ackSeq }], held);
  }
}

/**
 * Settings as they are in the damaged file. What it lacks was taken away since the backup was made, where all of it
 * could be read.
 */
function copySettings(till: TillDb, salvage: Salvage): void {
  for (const [key, value] of salvage.settings) till.settings.set(key, value);
  if (!salvage.hasAllSettings) return;
  for (const key of till.settings.keys()) if (!salvage.settings.has(key)) till.settings.remove(key);
}

function copyRest(till: TillDb, salvage: Salvage): void {
  copySettings(till, salvage);
  for (const { close, receipt } of salvage.closes(CLOSES_MAX)) {
    if (till.closes.find(close.businessDay) === undefined) till.closes.add(close);
    if (receipt !== undefined && till.closes.receiptOf(close.businessDay) === undefined)
      till.closes.addReceipt(close.businessDay, receipt);
  }
  for (const line of salvage.signIns()) till.signIns.putBack(line);
}

/** Settings as of now; numbers of an earlier epoch are none in this one. */
function copyAll(till: TillDb, salvage: Salvage): void {
  const settings = createTillSettings(till.settings);
  const before = settings.ackEpoch();
  copyRest(till, salvage);
  if (settings.ackEpoch() !== before) till.ops.forgetAcks();
  copyTail(till, salvage);
}

function fill(folder: Folder, { till, isBackup }: ReturnType<typeof openBase>, salvage: Salvage | null) {
  const settings = createTillSettings(till.settings);
  till.transaction(() => {
    if (salvage !== null) copyAll(till, salvage);
    if (salvage?.hasAllSettings !== true) letGrantsGo(till);
    // Of a backup: who has signed out since must not be signed in, and erasures since then are told again.
    settings.clearSession();
    forgetPurged(till);
  });
  const enrolment = settings.enrolment();
  const spill = rescueFromSpill(folder, till, enrolment);
  if (salvage !== null) till.transaction(() => copyAcks(till, salvage));
  const lastTseq = till.ops.last()?.tseq ?? 0;
  // By what was there, not by what came back: where nobody can say what was there, the damaged file alone may have it.
  const isSpillSound = spill.hasOwn || salvage?.lastTseq === 0;
  const known = salvage?.lastTseq ?? (isBackup ? lastTseq : Infinity);
  const isWhole = enrolment !== null && spill.waiting === 0 && isSpillSound && known <= lastTseq;
  return { settings, spill, isWhole, isSpillSound };
}

/**
 * Puts a sound file in the place of a damaged `till.db`, which is set aside: the newest backup, what can be read of
 * the damaged file, then the spill file. Where these are the whole chain the till goes on as it was, with the line down
 * too. Where ops are missing that the centre has, nothing is saved before it has given the till its next incarnation:
 * other work under their numbers would look like a copied till. Where not even the enrolment is left, a manager lets
 * the till in again. Can be cut off at any point and done again.
 *
 * @returns Actions that came back out of the spill file, or wait there for the centre.
 */
export function mendTill(folder: Folder, cause: DbError): number {
  const { dataDir, log } = folder;
  const path = join(dataDir, 'till.db');
  log.error(
    { err: cause },
    'the till’s own file is damaged; it is mended from its backup and the spill file',
  );
  const name = freeName(dataDir);
  const mended = withSalvage(folder, (salvage) => {
    const base = openBase(folder, enrolmentIn(salvage));
    try {
      const { settings, spill, isWhole, isSpillSound } = fill(folder, base, salvage);
      const state = settings.enrolment() === null ? 'empty' : isWhole ? 'whole' : 'gap';
      // One that was set aside before may still be kept for the same.
      const isSound = isSpillSound && settings.mended()?.isSpillSound !== false;
      settings.setMended({ state, file: name, isSpillSound: isSound });
      log.error({ state, ...spill }, 'the till’s own file is mended');
      return spill.putBack + spill.waiting;
    } finally {
      base.till.close();
    }
  });
  // From here on a start that finds no `till.db` finds this one, whole.
  moveFile(unfinished(dataDir), `${path}.new`);
  moveFile(path, join(dataDir, name));
  moveFile(`${path}.new`, path);
  syncFolder(dataDir);
  clearDoubt(dataDir);
  return mended;
}
