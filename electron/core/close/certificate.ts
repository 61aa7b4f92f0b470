import type { TillDb } from '../../../db/till/types.ts';
import type { Day } from '../../../sync/base/business-day.ts';
import { canonicalJson, type Json } from '../../../sync/base/canonical.ts';
import type { Crypto } from '../../../sync/base/crypto.ts';
import { StoreId, type StaffId } from '../../../sync/base/ids.ts';
import {
  CERTIFICATE_VERSION,
  certificateText,
  CloseCertificate,
  HELD_NAMED_MAX,
} from '../../../sync/close/certificate.ts';
import { hashRange } from '../../../sync/close/ranges.ts';
import { createTally } from '../../../sync/close/tally.ts';
import { HeldReason } from '../../../sync/model/feed.ts';
import { CHAIN_START, keptHash } from '../../../sync/model/op.ts';
import { unitsOf } from '../../../sync/model/units.ts';
import { nodeSigning } from '../crypto.ts';
import type { Enrolment } from '../till-settings.ts';
import { hashesOf, opsIn } from './own-ops.ts';

interface Parts {
  till: TillDb;
  crypto: Crypto;
  enrolment: Enrolment;
}

/** The till's newest op with its hash, worked out anew. */
export function chainHeadOf({ till, crypto }: Pick<Parts, 'till' | 'crypto'>): CloseCertificate['chainHead'] {
  const tseq = till.ops.last()?.tseq ?? 0;
  const stored = till.ops.listAfter(tseq - 1, 1)[0];
  return stored === undefined ? { tseq: 0, hash: CHAIN_START } : { tseq, hash: keptHash(stored, crypto) };
}

/** What the till did on a day, from its own ops. */
export function countDay({ till }: Pick<Parts, 'till'>, businessDay: Day) {
  const acked = till.ops.ackedTseq();
  const ranges = till.ops.dayRanges(businessDay);
  const tally = createTally();
  const held: { tseq: number; kind: string; reason: HeldReason }[] = [];
  let [opCount, outstanding] = [0, 0];
  for (const { op, heldReason } of opsIn(till, ranges)) {
    opCount += 1;
    tally.add(op.kind, unitsOf(op.body));
    if (op.tseq > acked) outstanding += 1;
    const reason = HeldReason.safeParse(heldReason);
    if (reason.success) held.push({ tseq: op.tseq, kind: op.kind, reason: reason.data });
  }
  return { ranges, opCount, lines: tally.lines(), outstanding, held };
}

export interface SignedClose {
  certificate: CloseCertificate;
  /** As it is kept. */
  text: string;
  signature: string;
}

/** The certificate of a day as it stands now, signed with the till's key. */
export function makeCertificate(
  { till, crypto, enrolment }: Parts,
  closing: { businessDay: Day; atMs: number; actorId: StaffId },
): SignedClose {
  const { businessDay, atMs, actorId } = closing;
  const { ranges, opCount, lines, outstanding, held } = countDay({ till }, businessDay);
  const hashAt = hashesOf(till, ranges, crypto);
  const certificate: CloseCertificate = {
    version: CERTIFICATE_VERSION,
    tillId: enrolment.tillId,
    incarnation: enrolment.incarnation,
    storeId: StoreId.parse(enrolment.storeId),
    businessDay,
    closedAtMs: atMs,
    actorId,
    ranges: ranges.map((range) => hashRange(range, hashAt, crypto)),
    opCount,
    lines,
    chainHead: chainHeadOf({ till, crypto }),
    outstanding,
    heldCount: held.length,
    held: held.slice(0, HELD_NAMED_MAX).map(({ tseq, reason }) => ({ tseq, reason })),
  };
  return {
    certificate,
    text: canonicalJson(certificate as unknown as Json),
    signature: nodeSigning.sign(enrolment.secretKey, certificateText(certificate)),
  };
}

/** A certificate as it was kept. @throws Error When the file's is not one. */
export const readCertificate = (text: string): CloseCertificate => CloseCertificate.parse(JSON.parse(text));
