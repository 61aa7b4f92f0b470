import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ownSessionKey, openRecord, type SpillOwner } from '../../db/spill/seal.ts';
import { openSpill, readSpillBytes, type SpillFile } from '../../db/spill/spill-file.ts';
import type { TillDb } from '../../db/till/types.ts';
import { CHAIN_START, OpBody, sealOp, WireOp, type SealedOp } from '../../sync/model/op.ts';
import { readSpill, recordsOf, type Found, type ReadSession } from '../../sync/spill/format.ts';
import { PROTOCOL_VERSION } from '../../sync/protocol/exchange.ts';
import { HOLDS_LET_GO_MAX } from '../../sync/protocol/holds.ts';
import { addUp, type SpillReply } from '../../sync/protocol/spill.ts';
import { CentreFault, type CentreClient } from './centre-client.ts';
import { nodeCrypto, nodeSigning } from './crypto.ts';
import { keysOf } from './own-keys.ts';
import type { PutOff } from './put-off.ts';
import { createTillSettings, type Enrolment, type TillSettings } from './till-settings.ts';

const FILE = 'spill.log';
/** As short on the line as a request with a batch, so that no line is too slow for it; the centre reads more. */
const PART_BYTES = 64 * 1024;
const ASIDE = /^spill\.aside-\d+\.log$/;

interface Folder {
  dataDir: string;
  log: Logger;
}

/** What the backup of `till.db` has: the spill keeps what it lacks, so that both together are the whole chain. */
export interface SpillReach {
  /** Newest op of the backup; null while there is none. */
  reach(): number | null;
  /** The backup goes. */
  drop(): void;
}

/** The till's spill file as the rest of the core sees it. A till that is not enrolled has none. */
export interface OwnSpill {
  /** Inside the transaction that saves the op, right before its commit. @throws DbError Nothing was saved then. */
  append(sealed: SealedOp): void;
  /** The same for all that one transaction saves. */
  appendAll(sealed: readonly SealedOp[]): void;
  /** The transaction was taken back after the append. */
  takeBack(): void;
  /**
   * What failed before is surely not saved when this returns: until then the next start may put it back.
   * @throws DbError As long as that can not be made sure.
   */
  settle(): void;
  /** Own ops up to `durableTseq` are safe at the centre: their records may go. */
  forget(durableTseq: number): void;
  /**
   * The same at once, and the backup before: somebody is erased, or was blanked in `till.db` just now. An answer that
   * repeats erasures, because their receipt can not be given yet, drops no backup that was made since.
   *
   * @param erased `upTo`: the newest erasure. `isBlanked`: the backup may say what `till.db` said until now.
   */
  forgetErased(durableTseq: number, erased: { upTo: number; isBlanked: boolean }): void;
  close(): void;
}

const toOwner = ({ tillId, incarnation, secretKey, centreKeys }: Enrolment): SpillOwner => ({
  tillId,
  incarnation,
  secretKey,
  sealKey: centreKeys.sealKey,
  sign: (message) => nodeSigning.sign(secretKey, message),
});

export function openOwnSpill(
  { dataDir, backup }: Folder & { backup?: SpillReach },
  settings: TillSettings,
  file: SpillFile = openSpill(join(dataDir, FILE)),
): OwnSpill {
  let known: { enrolment: Enrolment; owner: SpillOwner } | undefined;
  const owner = (): SpillOwner | null => {
    const enrolment = settings.enrolment();
    if (enrolment === null) return null;
    if (known?.enrolment !== enrolment) known = { enrolment, owner: toOwner(enrolment) };
    return known.owner;
  };
  const forget = (durableTseq: number, isNow: boolean): void => {
    const writer = owner();
    const tseq = Math.min(durableTseq, backup?.reach() ?? durableTseq);
    if (writer !== null) file.forget(writer, tseq, isNow);
  };
  /** Of this start: the first answer after it drops once more, and so does what a cut left half done. */
  let droppedUpTo = 0;
  return {
    append: (sealed) => {
      const writer = owner();
      if (writer !== null) file.append(writer, sealed);
    },
    appendAll: (sealed) => {
      const writer = owner();
      if (writer !== null) file.appendAll(writer, sealed);
    },
    takeBack: () => file.takeBack(),
    settle: () => {
      const writer = owner();
      if (writer !== null) file.settle(writer);
    },
    forget: (durableTseq) => forget(durableTseq, false),
    forgetErased: (durableTseq, { upTo, isBlanked }) => {
      if (!isBlanked && upTo <= droppedUpTo) return;
      droppedUpTo = Math.max(upTo, droppedUpTo);
      // Before any record goes that a mending would need with it.
      backup?.drop();
      forget(durableTseq, true);
    },
    close: () => file.close(),
  };
}

/** The op of a record that this till wrote; null when it can not be opened with this file's key. */
function openOwn({ session, record }: Found, secretKey: string): SealedOp | null {
  try {
    const op = WireOp.parse(JSON.parse(openRecord(ownSessionKey(session, secretKey), record)));
    return sealOp({ ...op, body: OpBody.parse(op.body) }, nodeCrypto);
  } catch {
    // Of another key: the centre opens it.
    return null;
  }
}

const isPlace = ({ op }: SealedOp, { session, record }: Found): boolean =>
  op.tseq === record.tseq && op.tillId === session.tillId && op.incarnation === session.incarnation;

/** Ops behind the file's last one that follow it hash by hash; null when one of them does not. */
function readTail(ahead: readonly Found[], till: TillDb, secretKey: string): SealedOp[] | null {
  const last = till.ops.last();
  let [tseq, prev] = [last?.tseq ?? 0, last?.hash ?? CHAIN_START];
  const tail: SealedOp[] = [];
  for (const found of ahead) {
    const sealed = openOwn(found, secretKey);
    if (sealed === null || !isPlace(sealed, found)) return null;
    if (sealed.op.tseq !== tseq + 1 || sealed.op.prev !== prev || till.ops.find(sealed.op.opId)) return null;
    tail.push(sealed);
    [tseq, prev] = [sealed.op.tseq, sealed.hash];
  }
  return tail;
}

/** The same op under its own number, with the keys that find it. */
export function putBack(till: TillDb, sealed: SealedOp): void {
  const { op } = sealed;
  const last = till.ops.last();
  if (last !== null && (op.hlc <= last.hlc || op.businessDay < last.businessDay)) till.ops.allowTurn(op.tseq);
  till.ops.append(sealed, keysOf(op));
  const number = 'cardNumber' in op.body ? op.body.cardNumber : null;
  const card = op.body.kind === 'member.created' ? op.body.card : null;
  const used = number ?? card?.cardNumber;
  if (used !== undefined && till.stock.isMine(used)) till.stock.markUsed(used, op.opId);
}

/** What was lost may have been paid by a grant, and the note of it was lost too: none is used again. */
export function letGrantsGo(till: TillDb): void {
  const settings = createTillSettings(till.settings);
  // What the lost commit noted about sending is lost with it: nothing earned so far counts as unsent.
  settings.setSentTseq(till.ops.last()?.tseq ?? 0);
  const ids = Object.values(settings.grants()).map(({ holdId }) => holdId);
  if (ids.length === 0) return;
  settings.setLettingGo([...settings.lettingGo(), ...ids].slice(-HOLDS_LET_GO_MAX));
  settings.setGrants({});
}

function setAside({ dataDir }: Folder): void {
  for (let at = 1; ; at += 1) {
    const path = join(dataDir, `spill.aside-${at}.log`);
    if (existsSync(path)) continue;
    renameSync(join(dataDir, FILE), path);
    return;
  }
}

/**
 * At the start, before anything uses the file: a spill that knows more than `till.db` tells of a silent loss,
 * or of an op whose commit was cut off. What follows the file's last op without a gap is put back, the very
 * same ops under their own numbers. Anything else is set aside for the centre, which alone can open and judge
 * it: this file was put back from an older copy, or is another till's.
 *
 * @returns How many ops were put back, how many records wait for the centre, and whether the file is this till's.
 */
export function rescueFromSpill(
  folder: Folder,
  till: TillDb,
  enrolment: Enrolment | null,
): { putBack: number; waiting: number; hasOwn: boolean } {
  const nothing = { putBack: 0, waiting: 0, hasOwn: false };
  if (till.isNewer) return nothing;
  const { sessions } = readSpill(readSpillBytes(join(folder.dataDir, FILE)));
  const hasOwn = sessions.some(
    ({ tillId, incarnation }) => tillId === enrolment?.tillId && incarnation === enrolment.incarnation,
  );
  const total = sessions.reduce((sum, { records }) => sum + records.length, 0);
  if (total === 0) return { ...nothing, hasOwn };
  const own = enrolment === null ? [] : recordsOf(sessions, enrolment);
  const lastTseq = till.ops.last()?.tseq ?? 0;
  const ahead = own.filter(({ record }) => record.tseq > lastTseq);
  const tail = enrolment === null ? null : readTail(ahead, till, enrolment.secretKey);
  const isOthers = sessions.some(
    (session) =>
      session.records.length > 0 &&
      (session.tillId !== enrolment?.tillId || session.incarnation !== enrolment.incarnation),
  );
  if (tail !== null && tail.length > 0)
    till.transaction(() => {
      tail.forEach((sealed) => putBack(till, sealed));
      letGrantsGo(till);
    });
  if (tail === null || isOthers) setAside(folder);
  const waiting = tail === null ? ahead.length : 0;
  const saved = { putBack: tail?.length ?? 0, waiting: isOthers ? total - own.length + waiting : waiting };
  if (saved.putBack + saved.waiting > 0) folder.log.error(saved, 'till.db lacks what the spill file has');
  return { ...saved, hasOwn };
}

/** Spills that were set aside, by name. */
const listAsides = ({ dataDir }: Pick<Folder, 'dataDir'>): string[] =>
  readdirSync(dataDir)
    .filter((name) => ASIDE.test(name))
    .sort();

/** Pieces that fit into a request, each with its session before its ops. */
export function* toParts(sessions: readonly ReadSession[]): Generator<Buffer> {
  for (const { frame, records } of sessions) {
    let part: Uint8Array[] = [];
    let bytes = 0;
    for (const record of records) {
      if (bytes > 0 && frame.length + bytes + record.frame.length > PART_BYTES) {
        yield Buffer.concat([frame, ...part]);
        [part, bytes] = [[], 0];
      }
      part.push(record.frame);
      bytes += record.frame.length;
    }
    if (part.length > 0) yield Buffer.concat([frame, ...part]);
  }
}

/** Sends all of one file, and clears it away. */
async function sendAside(path: string, enrolment: Enrolment, centre: Pick<CentreClient, 'spills'>) {
  const { tillId, incarnation } = enrolment;
  let total: SpillReply = { booked: 0, known: 0, kept: 0, refused: 0 };
  for (const part of toParts(readSpill(readFileSync(path)).sessions)) {
    const spill = part.toString('base64');
    total = addUp(total, await centre.spills({ protocol: PROTOCOL_VERSION, tillId, incarnation, spill }));
  }
  if (total.refused === 0) rmSync(path);
  else renameSync(path, `${path}.refused`);
  return total;
}

/**
 * Sends what was set aside; a file that the centre has taken is deleted, because nobody here can read it. One that it
 * refuses, that something on the way does, or that can not be read, stays in the folder and stops nothing.
 *
 * @throws CentreFault When the line breaks: all of the file is sent again, and the centre drops what it knows.
 */
export async function sendSpills(
  folder: Folder & { putOff: PutOff<string> },
  enrolment: Enrolment,
  centre: Pick<CentreClient, 'spills'>,
): Promise<void> {
  const { putOff } = folder;
  for (const name of listAsides(folder).filter((each) => !putOff.has(each))) {
    try {
      const total = await sendAside(join(folder.dataDir, name), enrolment, centre);
      folder.log.warn({ name, ...total }, 'the centre has taken a spill file');
    } catch (cause) {
      if (cause instanceof CentreFault && cause.isForAll) throw cause;
      const why = cause instanceof CentreFault ? { code: cause.code } : { err: cause };
      putOff.note(name);
      folder.log.error({ name, ...why }, 'a spill file was not taken; it stays in the folder');
    }
  }
}
