import { nodeCrypto, nodeSigning } from '../../../crm/node-crypto.ts';
import type { StaffId, StoreId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { certificateText, type CloseCertificate } from '../../../sync/close/certificate.ts';
import { hashRange } from '../../../sync/close/ranges.ts';
import type { TestTill } from './test-till.ts';

/** What a till says of its first day, of a member and three stamps, as far as it goes up to op `last`. */
export function firstCertificate(
  till: TestTill,
  last: number,
  changes: Partial<CloseCertificate> = {},
): CloseCertificate {
  const { tillId } = till.enrolled;
  return {
    ...{ version: 1, tillId, incarnation: till.incarnation, storeId: till.storeId as StoreId },
    businessDay: must(till.ops[0], 'the till worked').businessDay,
    ...{ closedAtMs: 1, actorId: 'staff-1' as StaffId },
    ranges: [hashRange({ fromTseq: 1, toTseq: last }, (tseq) => till.hashAt(tseq), nodeCrypto)],
    opCount: last,
    lines: [
      { kind: 'member.created', count: 1, units: 0 },
      { kind: 'stamp.added', count: 1, units: 3 },
    ],
    chainHead: { tseq: last, hash: till.hashAt(last) },
    ...{ outstanding: 0, heldCount: 0, held: [] },
    ...changes,
  };
}

/** The same as it is sent. */
export const signedClose = (till: TestTill, certificate: CloseCertificate) => ({
  certificate,
  signature: nodeSigning.sign(till.secretKey, certificateText(certificate)),
  ranges: certificate.ranges,
});
