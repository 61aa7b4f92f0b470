import { canonicalJson } from '../sync/base/canonical.ts';
import { isOfTwo, needsSecond, secondOf } from '../sync/merge/second-person.ts';
import type { OpBody, OpHeader } from '../sync/model/op.ts';
import type { AuditLine } from './repos/audit-log.ts';

type Told = Pick<OpHeader, 'opId' | 'actorId' | 'tillId' | 'storeId' | 'wallMs'>;

/**
 * What the log of decisions keeps of an act of two people, under the same chain of hashes; null for one of one person.
 * The body that names the second goes with the member whom it erases, so her name stays here.
 *
 * @param by The manager who applied it where it was held: then she is the second, whomever the op names, since nobody
 * has proved that one. `authors`: who saved the newest version of each second; the actor herself is worth a look, since
 * she may know that PIN.
 */
export function secondAudit(
  { opId, actorId, tillId, storeId, wallMs }: Told,
  body: OpBody,
  by: { approvedBy?: string; nowMs: number; authors: ReadonlyMap<string, string | null> },
): AuditLine | null {
  if (!isOfTwo(body)) return null;
  const isErased = needsSecond(body);
  const secondId = by.approvedBy ?? secondOf(body) ?? null;
  const savedBy = by.authors.get(secondId ?? '') ?? null;
  return {
    ...{ atMs: by.nowMs, actorId, action: isErased ? 'member.anonymised' : body.kind },
    objectId: isErased ? body.memberId : opId,
    note: canonicalJson({ secondId, savedBy, tillId, storeId, atMs: wallMs }),
  };
}
