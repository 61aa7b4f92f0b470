import { createTillSettings } from '../../electron/core/till-settings.ts';
import { purgedErasure } from '../../electron/core/purge.ts';
import { isRemoved } from '../../sync/model/extras.ts';
import { isPersonal } from '../../sync/model/op.ts';
import type { CentreTables } from '../parts/memory-centre.ts';
import { opsIn } from './checks-till.ts';
import type { TillNode } from './till-node.ts';
import { Violation } from './world.ts';

/** Pairs: no two living members share a mobile number without a manager being asked about it (I4). */
export function checkPairs({ members, inboxTopics }: CentreTables): void {
  const holders = new Map<string, string[]>();
  for (const { row } of members.values()) {
    if (row.mobile === null || row.state === 'anonymised' || row.mergedIntoId !== null) continue;
    if (isRemoved(row)) continue;
    const others = holders.get(row.mobile) ?? [];
    for (const other of others) {
      const pair = [other, row.memberId].sort().join(' ');
      if (!inboxTopics.has(`shared_mobile ${pair}`))
        throw new Violation(`inbox: ${pair} share a number, and nobody was asked`);
    }
    holders.set(row.mobile, [...others, row.memberId]);
  }
}

/** At any moment: a till's receipt says that nothing of whoever was erased up to it is in its copy. */
export function checkReceipt(node: TillNode, { erasures }: CentreTables): void {
  const { replica } = node.files;
  const receipt = purgedErasure(node.files);
  for (const { memberId, erasureNo } of erasures.values()) {
    const row = erasureNo > receipt ? undefined : replica.member(memberId);
    if (row === undefined || row.state === 'anonymised') continue;
    throw new Violation(`erasure: ${node.name} gave its receipt up to ${receipt} and has ${memberId} again`);
  }
}

/**
 * Erasure, at the end: nothing of an anonymised member is on a till, and the centre has its receipt (I6).
 *
 * @returns What still lacks; null for nothing.
 */
export function checkErased(node: TillNode, { erasures, receipts }: CentreTables): string | null {
  if (erasures.size === 0) return null;
  const { till, replica } = node.files;
  const enrolment = createTillSettings(till.settings).enrolment();
  const confirmed = receipts.get(enrolment?.tillId ?? '') ?? 0;
  if (confirmed < erasures.size) return `${node.name} confirmed ${confirmed} of ${erasures.size} erasures`;
  for (const memberId of erasures.keys()) {
    const row = replica.member(memberId as never);
    if (row !== undefined && (row.state !== 'anonymised' || row.firstName !== '' || row.mobile !== null))
      return `${node.name} still has ${memberId}, who was erased`;
  }
  const left = node.ownFiles
    .flatMap((file) => opsIn(file))
    .find(({ op, commitment }) => isPersonal(op.kind) && erasures.has(op.body.memberId) && !commitment);
  return left === undefined
    ? null
    : `${node.name} still tells of ${left.op.body.memberId} in ${left.op.kind}`;
}
