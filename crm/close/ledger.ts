import type { Crypto } from '../../sync/base/crypto.ts';
import type { CloseCertificate } from '../../sync/close/certificate.ts';
import { spanOf, type TseqRange } from '../../sync/close/ranges.ts';
import type { Difference } from '../../sync/close/receipt.ts';
import { createTally, type DayLine } from '../../sync/close/tally.ts';
import { headerHash, opHash } from '../../sync/model/op.ts';
import { unitsOf } from '../../sync/model/units.ts';
import type { Sql } from '../database.ts';
import { eachLedgerOp, type LedgerOp } from '../repos/closes.ts';

/** How far beside the till's ranges the centre looks for ops of the day that the till does not name. */
const BESIDE = 500;

/** What the centre has of one till's day. */
export interface Ledger {
  /** Worked out from what is stored now, not read: a changed row has another hash. */
  hashAt(tseq: number): string | undefined;
  kindAt(tseq: number): string;
  lines: DayLine[];
  /** Kinds of which some op was erased with its member: what those moved is not known here any more. */
  erasedKinds: ReadonlySet<string>;
  opCount: number;
  heldCount: number;
  /** Ops of the day outside the certificate's ranges. */
  extras: number[];
  /** Ops whose entry is not in the ledger, or moves something else. */
  unbooked: Difference[];
}

function hashNow({ header, body, commitment }: LedgerOp, crypto: Crypto): string {
  try {
    if (commitment !== null) return headerHash(header, commitment, crypto);
    return body === null ? 'erased without a commitment' : opHash({ ...header, body }, crypto);
  } catch {
    // What can not be hashed is no op that a till sent.
    return 'unreadable';
  }
}

/** What is wrong between an op and its entry; null for none, and for ops that wait for a person. */
function bookingFault(op: LedgerOp): 'not_booked' | 'other_units' | null {
  const isHeld = op.heldReason !== null;
  if (op.heldReason === 'op_id_repeated' || (isHeld && op.releasedSeq === null)) return null;
  const body = op.repairedBody ?? op.body;
  const units = body === null ? 0 : unitsOf(body);
  if (units === 0) return null;
  // A lot that expired elsewhere before: there was nothing left to book.
  if (op.delta === null && op.header.kind === 'points.expired') return null;
  // A manager may have decided that it counts for nothing.
  if (op.delta === null) return isHeld && op.releasedBy !== null ? null : 'not_booked';
  return Math.abs(op.delta) === Math.abs(units) ? null : 'other_units';
}

function windowOf({ ranges, chainHead }: CloseCertificate): TseqRange {
  const { fromTseq, toTseq } = spanOf(ranges) ?? { fromTseq: chainHead.tseq, toTseq: chainHead.tseq };
  return { fromTseq: Math.max(1, fromTseq - BESIDE), toTseq: toTseq + BESIDE };
}

/** Reads the centre's own side of a certificate, as it lies in the database now. */
export async function readLedger(sql: Sql, certificate: CloseCertificate, crypto: Crypto): Promise<Ledger> {
  const { tillId, incarnation, businessDay, ranges } = certificate;
  const isNamed = (tseq: number): boolean =>
    ranges.some(({ fromTseq, toTseq }) => tseq >= fromTseq && tseq <= toTseq);
  const known = new Map<number, { hash: string; kind: string }>();
  const tally = createTally();
  const erasedKinds = new Set<string>();
  const extras: number[] = [];
  const unbooked: Difference[] = [];
  let [opCount, heldCount] = [0, 0];
  const visit = (op: LedgerOp): void => {
    const { tseq, header } = op;
    known.set(tseq, { hash: hashNow(op, crypto), kind: header.kind });
    if (header.businessDay !== businessDay) return;
    opCount += 1;
    tally.add(header.kind, op.body === null ? 0 : unitsOf(op.body));
    if (op.body === null) erasedKinds.add(header.kind);
    if (op.heldReason !== null && op.releasedSeq === null) heldCount += 1;
    if (!isNamed(tseq)) return void extras.push(tseq);
    const what = bookingFault(op);
    if (what !== null) unbooked.push({ tseq, what, kind: header.kind });
  };
  await eachLedgerOp(sql, { tillId, incarnation, range: windowOf(certificate) }, visit);
  return {
    hashAt: (tseq) => known.get(tseq)?.hash,
    kindAt: (tseq) => known.get(tseq)?.kind ?? '',
    lines: tally.lines(),
    ...{ erasedKinds, opCount, heldCount, extras, unbooked },
  };
}
