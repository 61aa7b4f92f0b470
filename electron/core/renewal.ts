import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { fillPathOf, removeFill } from '../../db/replica/bulk/fill-file.ts';
import { syncFolder } from '../../db/sync-folder.ts';
import { openTill } from '../../db/till/open.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import { CentreFault, type CentreClient } from './centre-client.ts';
import { nodeCrypto } from './crypto.ts';
import { eachOf } from './each-of.ts';
import { nextOps, toBatch } from './exchange-step.ts';
import { DAMAGED_TILL, moveFile, moveStrayLogs, removeBackups, removeFile } from './mending/till-copies.ts';
import { createTillSettings, type Aside, type Enrolment, type TillSettings } from './till-settings.ts';
import { spokenBy } from './speaking.ts';

/** Two years of closed days: what a fresh file takes along. */
const CLOSES_MAX = 750;
const SIGN_INS_PER_READ = 500;

/** Refusals that only a manager's new code ends; the till's own work stays with it until then. */
const STOPPING: ReadonlySet<string> = new Set(['till_forked', 'till_lost', 'unauthorised', 'bad_signature']);
export const isStopping = (cause: unknown): cause is CentreFault =>
  cause instanceof CentreFault && STOPPING.has(cause.code);

/** Those that no further question changes: only a code entered at this very till does. */
const FINAL: ReadonlySet<string> = new Set(['till_forked', 'till_lost']);
export const isFinal = (code: string | null): boolean => code !== null && FINAL.has(code);

/**
 * True when the next incarnation is to be asked for: the centre has ops of this till that its file has not, which was
 * put back from a copy. Or it went on already on this very file's word, and its answer got lost.
 */
export function renewsAfter(cause: unknown, settings: TillSettings): boolean {
  if (!(cause instanceof CentreFault)) return false;
  return (
    cause.code === 'till_restored' || (cause.code === 'till_forked' && settings.renewalRequestId() !== null)
  );
}

/**
 * Asks for the next incarnation of a till whose file is older than what the centre has of it. The request's id
 * is kept before it is sent, so that a lost answer is given again.
 *
 * @throws CentreFault When there is no answer, or another copy went on in this one's place.
 */
async function askRenewal(
  { till, settings, crypto = nodeCrypto }: { till: TillDb; settings: TillSettings; crypto?: Crypto },
  enrolment: Enrolment,
  centre: CentreClient,
): Promise<void> {
  const requestId = settings.renewalRequestId() ?? crypto.randomHex(16);
  settings.setRenewalRequestId(requestId);
  const { tillId, incarnation } = enrolment;
  const lastTseq = till.ops.last()?.tseq ?? 0;
  const reply = await centre.begin({
    protocol: spokenBy(settings),
    tillId,
    incarnation,
    lastTseq,
    requestId,
  });
  settings.setRenewal({
    enrolment: { ...enrolment, incarnation: reply.incarnation },
    cardBlock: reply.cardBlock,
  });
}

interface Renewing extends Readonly<{ till: TillDb; settings: TillSettings; crypto?: Crypto }> {
  enrolment: Enrolment;
  centre: CentreClient;
}

/** The same after a refusal that `renewsAfter`. @throws That refusal, where the till was stopped by it and stays so. */
export async function renewAfter(cause: unknown, renewing: Renewing): Promise<void> {
  try {
    await askRenewal(renewing, renewing.enrolment, renewing.centre);
  } catch (refused) {
    const isInVain = refused instanceof CentreFault && refused.kind === 'refused';
    throw isInVain && isStopping(cause) ? cause : refused;
  }
}

/** A name beside `till.db` that no file has. */
function freeName(dataDir: string, incarnation: number): string {
  for (let at = 0; ; at += 1) {
    const name = `till.db.incarnation-${incarnation}${at === 0 ? '' : `-${at}`}`;
    if (!existsSync(join(dataDir, name))) return name;
  }
}

function copySettings(from: TillSettings, to: TillSettings): void {
  to.setDocuments(from.documents());
  to.setPreferences(from.preferences());
  const [scanner, lastSyncAtMs, session] = [from.scanner(), from.lastSyncAtMs(), from.session()];
  if (scanner !== null) to.setScanner(scanner);
  const trusted = from.trustedClock();
  // The new file's ops count from 1: none of them is old yet.
  if (trusted !== null) to.setTrustedClock({ ...trusted, tseq: 0 });
  if (lastSyncAtMs !== null) to.setLastSyncAtMs(lastSyncAtMs);
  if (session !== null) to.setSession(session);
  for (const document of from.documents()) {
    if (document.kind !== 'staff') continue;
    const { login } = document.body;
    const failures = from.pinFailures(login);
    if (failures.count > 0) to.setPinFailures(login, failures);
  }
}

/** A day that was closed stays so. */
function copyCloses(from: TillDb, to: TillDb): void {
  for (const close of from.closes.list(CLOSES_MAX)) {
    to.closes.add(close);
    const receipt = from.closes.receiptOf(close.businessDay);
    if (receipt !== undefined) to.closes.addReceipt(close.businessDay, receipt);
  }
}

/** Whoever puts a file back does not empty the list of those who showed a PIN here. */
function copySignIns(from: TillDb, to: TillDb): void {
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const lines = from.signIns.listBefore(before, SIGN_INS_PER_READ);
    for (const line of lines) to.signIns.putBack(line);
    const last = lines.at(-1);
    if (last === undefined) return;
    before = last.signInNo;
  }
}

interface Folder {
  dataDir: string;
  keyHex: string;
  log: Logger;
}

/** A start that follows one that was cut off between its two renames. */
export function finishRenewal(dataDir: string): void {
  const path = join(dataDir, 'till.db');
  if (existsSync(path) || !existsSync(`${path}.new`)) return;
  moveStrayLogs(dataDir);
  moveFile(`${path}.new`, path);
}

/** What a fresh file takes over from the one that is set aside as `file`: all but its ops, keys and cards. */
export function fillFresh(fresh: TillDb, old: TillDb, file: string): void {
  const settings = createTillSettings(old.settings);
  const renewal = must(settings.renewal(), 'the centre answered');
  const { incarnation } = must(settings.enrolment(), 'a till with a renewal is enrolled');
  fresh.transaction(() => {
    const next = createTillSettings(fresh.settings);
    copySettings(settings, next);
    next.setEnrolment(renewal.enrolment);
    fresh.stock.addBlock(renewal.cardBlock);
    copyCloses(old, fresh);
    copySignIns(old, fresh);
    const mended = settings.mended();
    // The next incarnation ends the gap; what was set aside before waits on.
    if (mended !== null)
      next.setMended({ ...mended, state: mended.state === 'gap' ? 'whole' : mended.state });
    next.setAsides([...settings.asides(), { file, incarnation, sentTseq: 0 }]);
  });
}

/**
 * Carries out what the centre answered, before anything uses the file: it is set aside under another name,
 * never deleted, and a fresh one takes its place, with the settings, the next incarnation and its card block.
 * Can be cut off at any point and done again.
 *
 * @returns False when there is nothing to do; otherwise `old` is closed.
 */
export function renewFile({ dataDir, keyHex, log }: Folder, old: TillDb): boolean {
  const settings = createTillSettings(old.settings);
  const renewal = settings.renewal();
  const former = settings.enrolment();
  if (renewal === null || former === null || old.isNewer) return false;
  const path = join(dataDir, 'till.db');
  // What a cut-off try has left: only copies of what the old file holds.
  removeFile(`${path}.new`);
  // Copies of this incarnation are of no use to the next.
  removeBackups(dataDir);
  const file = freeName(dataDir, former.incarnation);
  const fresh = openTill({ path: `${path}.new`, keyHex });
  fillFresh(fresh, old, file);
  fresh.close();
  old.close();
  moveFile(path, join(dataDir, file));
  moveFile(`${path}.new`, path);
  syncFolder(dataDir);
  log.warn({ incarnation: renewal.enrolment.incarnation, file }, 'this till goes on under a new incarnation');
  return true;
}

/** A copy that is on its way or left its place: it may know somebody by name whom the one in use never knew. */
const OTHER_COPY = /^replica\.db\.(fill$|damaged-|gone)/;

interface Asides {
  dataDir: string;
  log: Logger;
  openAside: (file: string) => TillDb;
  /** The copy in use has all rows: a fill that was cut off beside it begins anew, with a later snapshot. */
  isWhole: boolean;
}

const EARLIER_TILL = /^till\.db\.incarnation-([0-9]+)(-[0-9]+)?$/;

/** Every file of an earlier incarnation in the folder, to be sent from its first op: the centre counts anew. */
export function allAsides(dataDir: string): Aside[] {
  return readdirSync(dataDir).flatMap((file) => {
    const incarnation = Number(EARLIER_TILL.exec(file)?.[1] ?? 0);
    return incarnation < 1 ? [] : [{ file, incarnation, sentTseq: 0, isAnew: true }];
  });
}

/** Up to which op of the file the centre was told. */
const sentOf = ({ sentTseq, isAnew = false }: Aside, old: TillDb): number =>
  isAnew ? sentTseq : Math.max(sentTseq, old.ops.ackedTseq());

/**
 * Blanks what files of earlier incarnations say about an anonymised member.
 *
 * @returns False while one of them has something about the member that was not sent yet, or can not be read; a damaged
 * `till.db` can not, and goes as soon as all that it held is at the centre. False also while another copy lies beside.
 */
export function eraseInAsides(
  { dataDir, log, openAside, isWhole }: Asides,
  asides: readonly Aside[],
  memberId: MemberId,
): boolean {
  if (isWhole) removeFill(fillPathOf(join(dataDir, 'replica.db')));
  const names = readdirSync(dataDir);
  if (names.some((name) => DAMAGED_TILL.test(name) || OTHER_COPY.test(name))) return false;
  const files = names.filter((name) => EARLIER_TILL.test(name));
  return files.every((file) => {
    try {
      const aside = openAside(file);
      try {
        const known = asides.find((each) => each.file === file);
        const tseq = known === undefined ? Infinity : sentOf(known, aside);
        return aside.ops.erase(memberId, { tseq, crypto: nodeCrypto }) === 0;
      } finally {
        aside.close();
      }
    } catch (cause) {
      log.error({ err: cause, file }, 'a file that was set aside can not be read; an erasure waits for it');
      return false;
    }
  });
}

interface SendParts {
  settings: TillSettings;
  enrolment: Enrolment;
  centre: CentreClient;
  /** Opens a file beside `till.db`; the caller closes it. */
  openAside: (file: string) => TillDb;
  log: Pick<Logger, 'error'>;
}

async function sendAside(parts: SendParts, aside: Aside): Promise<void> {
  const { settings, enrolment, centre } = parts;
  const { tillId, incarnation } = enrolment;
  const old = parts.openAside(aside.file);
  try {
    const former = createTillSettings(old.settings).enrolment();
    // Of the till that this machine was before: nothing that this one may speak for.
    if (former !== null && former.tillId !== tillId) return;
    let sent = sentOf(aside, old);
    for (;;) {
      const batch = toBatch(nextOps(old, sent), () => undefined);
      if (batch === null) return;
      const at = former?.incarnation ?? aside.incarnation;
      const from = { incarnation: at, tseq: sent, hash: batchStart(old, sent) };
      await centre.strays({ protocol: spokenBy(settings), tillId, incarnation, from, batch });
      sent += batch.count;
      const others = settings.asides().filter(({ file }) => file !== aside.file);
      settings.setAsides([...others, { ...aside, sentTseq: sent }]);
    }
  } finally {
    old.close();
  }
}

/** Hash of the op before the first. */
const batchStart = (old: TillDb, tseq: number): string =>
  tseq === 0 ? CHAIN_START : must(old.ops.hashOf(tseq), 'an op before another is kept');

/**
 * Sends what files that were set aside hold un-acked. A file that is through stays in the folder and is
 * forgotten here; one that is refused or can not be read is tried again, and stops neither the others nor the living.
 *
 * @throws CentreFault At the end the first refusal, at once when the line breaks; what was sent is not sent again.
 */
export async function sendStrays(parts: SendParts): Promise<void> {
  const send = async (aside: Aside): Promise<void> => {
    try {
      await sendAside(parts, aside);
    } catch (cause) {
      if (cause instanceof CentreFault) throw cause;
      parts.log.error({ err: cause }, 'a file that was set aside can not be read; it stays in the folder');
      return;
    }
    parts.settings.setAsides(parts.settings.asides().filter(({ file }) => file !== aside.file));
  };
  await eachOf(parts.settings.asides().map((aside) => () => send(aside)));
}
