import type { Logger } from 'pino';
import type { StoredClose, TillDb } from '../../../db/till/types.ts';
import type { Day } from '../../../sync/base/business-day.ts';
import { canonicalJson, type Json } from '../../../sync/base/canonical.ts';
import type { Crypto } from '../../../sync/base/crypto.ts';
import { certificateText, type CloseCertificate } from '../../../sync/close/certificate.ts';
import { hashRange, spanOf, splitRange, type RangeHash } from '../../../sync/close/ranges.ts';
import { CloseReceipt, receiptText, type CloseReply, type WatchFound } from '../../../sync/close/receipt.ts';
import { CentreFault, type CentreClient } from '../centre-client.ts';
import { nodeSigning } from '../crypto.ts';
import type { Enrolment, TillSettings } from '../till-settings.ts';
import { readCertificate } from './certificate.ts';
import { hashesOf } from './own-ops.ts';
import { PutOff } from '../put-off.ts';
import { spokenBy } from '../speaking.ts';

/** Closed days that are still asked about, newest first; older ones where nobody has answered yet. */
const DAYS_MAX = 60;
const OLDER_MAX = 750;
/**
 * So many of them also when they were equal, once after each start: from another copy of the till, or out of a spill
 * file, ops of a day can come to the centre later.
 */
const EQUAL_DAYS_MAX = 7;
/** A quarter of a million ops take five. */
const QUESTIONS_MAX = 12;

interface Parts {
  till: TillDb;
  settings: Pick<TillSettings, 'protocol'>;
  crypto: Crypto;
  log: Logger;
  /** Where a manager should look on that day; what fails here is told at the till alone. */
  watchOf: (businessDay: Day) => Promise<WatchFound[]>;
  monotonicMs: () => number;
  /** An answer came and is kept. */
  onProof: (businessDay: Day) => void;
}

/** Brings closed days and the centre's ledger together; part of each sync, after the ops themselves. */
export interface CloseProver {
  /** Asks about every closed day whose ops the centre has. Never throws but for the till's own file. */
  prove(enrolment: Enrolment, centre: CentreClient): Promise<void>;
  /** The next sync asks about this day again, whatever was answered before. */
  askAgain(businessDay: Day): void;
  /** The centre counts anew: what it said meanwhile it may have said of a day whose ops it had lost. */
  askAllAgain(): void;
}

/**
 * True when the centre has been sent all that the certificate is about. What earlier incarnations left was sent right
 * before, in the same run; what of it is refused or can not be read may stay so, and the day is not to wait for it.
 */
function isDue({ till }: Parts, enrolment: Enrolment, certificate: CloseCertificate): boolean {
  if (certificate.incarnation !== enrolment.incarnation) return true;
  return till.ops.ackedTseq() >= (spanOf(certificate.ranges)?.toTseq ?? 0);
}

/** The answer, if it is the centre's and about this certificate. */
function genuine(
  { crypto }: Parts,
  {
    certificate,
    reply,
    signKey,
  }: { certificate: CloseCertificate; reply: CloseReply | null; signKey: string },
): (CloseReply & { state: 'proof' }) | null {
  if (reply?.state !== 'proof') return null;
  const isOurs = reply.receipt.certificateHash === crypto.sha256Hex(certificateText(certificate));
  return isOurs && nodeSigning.isSigned(signKey, receiptText(reply.receipt), reply.signature) ? reply : null;
}

interface Asked {
  certificate: CloseCertificate;
  signature: string;
  watch: WatchFound[];
}

/** Asks, and narrows down what differs, until the centre has a verdict; null when it comes to none. */
async function ask(
  parts: Parts,
  { enrolment, centre }: { enrolment: Enrolment; centre: CentreClient },
  { certificate, signature, watch }: Asked,
): Promise<CloseReply | null> {
  const { tillId, incarnation } = enrolment;
  const head = { protocol: spokenBy(parts.settings), tillId, incarnation, certificate, signature };
  let ranges: RangeHash[] = certificate.ranges;
  for (let question = 0; question < QUESTIONS_MAX; question += 1) {
    const reply = await centre.closes({ ...head, ranges, ...(watch.length > 0 && { watch }) });
    if (reply.state === 'proof') return reply;
    // Ops of an earlier incarnation are not in this file; a centre that does not know that asks for smaller parts.
    if (certificate.incarnation !== incarnation) return null;
    const hashAt = hashesOf(parts.till, reply.ranges, parts.crypto);
    ranges = reply.ranges.flatMap(splitRange).map((range) => hashRange(range, hashAt, parts.crypto));
  }
  return null;
}

/** Which days may be asked about: the latest, then those before them that nobody has answered for. */
function createList({ closes }: Pick<TillDb, 'closes'>) {
  let older: readonly StoredClose[] | null = null;
  return {
    all: (): readonly StoredClose[] => {
      const latest = closes.list(DAYS_MAX);
      const from = latest.length < DAYS_MAX ? undefined : latest.at(-1)?.businessDay;
      older ??= from === undefined ? [] : closes.listUnanswered(from, OLDER_MAX);
      return [...latest, ...older];
    },
    /** Another day was closed, so the latest are others. */
    lookAgain: (): void => void (older = null),
  };
}

export function createCloseProver(parts: Parts): CloseProver {
  const { till, log, watchOf, onProof } = parts;
  /** Days whose answer of this run of the program stands. */
  const answered = new Set<Day>();
  const putOff = new PutOff<Day>(parts.monotonicMs);
  /** The centre began anew in this run: it may have forgotten every answer, and what it was told with the first. */
  let isAnew = false;
  const listed = createList(till);
  const isOpen = ({ businessDay }: StoredClose, at: number): boolean => {
    if (putOff.has(businessDay)) return false;
    const stored = till.closes.receiptOf(businessDay);
    if (stored === undefined) return true;
    if (answered.has(businessDay)) return false;
    return (
      at < EQUAL_DAYS_MAX || isAnew || CloseReceipt.parse(JSON.parse(stored.receipt)).verdict !== 'equal'
    );
  };
  /** The proof of the day does not hang on it. */
  const watched = (businessDay: Day): Promise<WatchFound[]> =>
    watchOf(businessDay).catch((cause: unknown) => {
      log.warn({ err: cause, businessDay }, 'the cards of a closed day were not looked at');
      return [];
    });
  const proveOne = async (close: StoredClose, enrolment: Enrolment, centre: CentreClient): Promise<void> => {
    const { businessDay, signature } = close;
    const certificate = readCertificate(close.certificate);
    if (!isDue(parts, enrolment, certificate)) return;
    const isFirst = till.closes.receiptOf(businessDay) === undefined;
    const watch = isFirst || isAnew ? await watched(businessDay) : [];
    const answer = await ask(parts, { enrolment, centre }, { certificate, signature, watch });
    const { signKey } = enrolment.centreKeys;
    const reply = genuine(parts, { certificate, reply: answer, signKey });
    if (reply === null) {
      log.warn({ businessDay }, 'the answer about a closed day is none of the centre');
      return;
    }
    const { receipt } = reply;
    till.closes.addReceipt(businessDay, {
      receipt: canonicalJson(receipt as unknown as Json),
      signature: reply.signature,
    });
    answered.add(businessDay);
    const { verdict, differenceCount } = receipt;
    log.info({ businessDay, verdict, differenceCount }, 'a closed day was answered');
    onProof(businessDay);
  };

  return {
    askAgain: (businessDay) => {
      answered.delete(businessDay);
      putOff.delete(businessDay);
      listed.lookAgain();
    },
    askAllAgain: () => {
      answered.clear();
      putOff.clear();
      isAnew = true;
    },
    prove: async (enrolment, centre) => {
      for (const [at, close] of listed.all().entries()) {
        if (!isOpen(close, at)) continue;
        try {
          await proveOne(close, enrolment, centre);
        } catch (cause) {
          if (!(cause instanceof CentreFault)) throw cause;
          const { businessDay } = close;
          log.warn({ businessDay, code: cause.code }, 'no answer about a closed day yet');
          // What is to be said of the line, the next exchange says.
          if (cause.isForAll) return;
          putOff.note(businessDay);
        }
      }
    },
  };
}
