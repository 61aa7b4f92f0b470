import type { ReplicaDb } from '../../db/replica/types.ts';
import type { StoredOp, TillDb } from '../../db/till/types.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { canonicalJson, type Json } from '../../sync/base/canonical.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import type { ChainDocument } from '../../sync/model/chain.ts';
import { createTillSettings } from '../../electron/core/till-settings.ts';
import { createStateHash } from '../../sync/merge/state-hash.ts';
import { tillOpKey, type CentreTables, type KeptOp } from '../parts/memory-centre.ts';
import { effectiveSeq, isDismissed, movementOf, type Ledger } from './ledger.ts';
import type { TillNode } from './till-node.ts';
import { Violation } from './world.ts';

function fail(rule: string, what: string): never {
  throw new Violation(`${rule}: ${what}`);
}

export const opsIn = (file: TillDb): StoredOp[] => file.ops.listAfter(0, 1_000_000);
const ownOps = ({ files }: TillNode): StoredOp[] => opsIn(files.till);

/** The op at the centre, by the centre's own tables, whatever the till has heard. */
function atCentre(tables: CentreTables, { op, hash }: StoredOp): KeptOp | undefined {
  const kept = tables.ops.get(String(tables.tillOps.get(tillOpKey(op)) ?? ''));
  return kept?.hash === hash ? kept : undefined;
}

/**
 * What the till holds is of the centre's own numbers. While nobody has told the centre that it was put back, the same
 * name stands for two rows of numbers, and the till's may be the lost one.
 */
export const isSameEpoch = ({ files }: TillNode, tables: CentreTables): boolean => {
  const { epoch } = files.replica.meta();
  return epoch === tables.head.get('head')?.epoch && epoch !== tables.head.get('put back, untold')?.epoch;
};

/**
 * What the till shows of a member: each confirmed balance is the oracle's at that number of the feed, and the
 * view is that plus the till's own movements that it does not hold yet. Nothing else, at any moment.
 */
export function checkView(
  node: TillNode,
  memberId: MemberId,
  truth: { tables: CentreTables; ledger: Ledger },
): void {
  const { tables, ledger } = truth;
  const { replica } = node.files;
  if (
    node.core === null ||
    node.isStopped ||
    node.isTailLost ||
    (replica.meta().epoch !== '' && !isSameEpoch(node, tables))
  )
    return;
  const laid = node.core.overlay.lay(memberId);
  if (laid === undefined) return;
  const own = ownOps(node);
  const isHeld = (stored: StoredOp): boolean => {
    const kept = atCentre(tables, stored);
    return kept === undefined
      ? stored.heldReason !== null
      : effectiveSeq(kept) === null || isDismissed(tables, kept);
  };
  const isAhead = (stored: StoredOp, asOf: number): boolean => {
    const kept = atCentre(tables, stored);
    return kept === undefined || (effectiveSeq(kept) ?? Infinity) > asOf;
  };
  for (const [accountId, { view, confirmed }] of laid.accounts) {
    const mine = own.filter(({ op }) => movementOf(op.body)?.accountId === accountId);
    const row = replica.account(accountId);
    const asOf = row?.seq ?? 0;
    const sure = row === undefined ? 0 : ledger.balanceAt(accountId, asOf);
    if (confirmed !== sure)
      fail('view', `${node.name} holds ${confirmed} of ${accountId} as of ${asOf}, the centre had ${sure}`);
    if (mine.some(isHeld)) continue;
    // What somebody else corrected first will wait for a manager: the till knows, and leaves it out.
    if (mine.some((stored) => isCorrectedByOther(replica, stored))) continue;
    // A till can not know whether a lot expired elsewhere already.
    if (mine.some((stored) => stored.op.kind === 'points.expired' && isAhead(stored, asOf))) continue;
    const pending = mine
      .filter((stored) => isAhead(stored, asOf))
      .reduce((sum, { op }) => sum + (movementOf(op.body)?.delta ?? 0), 0);
    if (view.balance !== sure + pending)
      fail('view', `${node.name} shows ${view.balance} of ${accountId}, not ${sure} + ${pending}`);
  }
}

/** An own correction or edit of an entry that another op has countered in this copy. */
function isCorrectedByOther(replica: ReplicaDb, { op }: StoredOp): boolean {
  if (!('correctsOpId' in op.body)) return false;
  const earlier = replica.correctionOf(op.body.correctsOpId);
  return earlier !== undefined && earlier.opId !== op.opId;
}

/** The numbers that the till holds are of another epoch than its copy: it gives them up with the next answer. */
const hasOldNumbers = ({ files }: TillNode): boolean => {
  const known = createTillSettings(files.till.settings).ackEpoch();
  return known !== null && known !== files.replica.meta().epoch;
};

/**
 * Every op that the till holds as acknowledged is at the centre under that very number; and of each that is in the rows
 * up to its cursor it knows so.
 */
export function checkAcks(node: TillNode, tables: CentreTables): void {
  if (!isSameEpoch(node, tables) || hasOldNumbers(node)) return;
  for (const stored of ownOps(node)) {
    const kept = atCentre(tables, stored);
    if (stored.ackSeq === null || [kept?.seq, kept?.settled?.releasedSeq].includes(stored.ackSeq)) continue;
    fail('acks', `${node.name} believes op ${stored.op.tseq} at ${stored.ackSeq}, it is not there`);
  }
}

/** Rows up to its cursor never hold an own op whose fate the till has not heard: it would count twice, or wait on. */
export function checkFates(node: TillNode, tables: CentreTables): void {
  if (!isSameEpoch(node, tables) || hasOldNumbers(node) || node.isTailLost) return;
  const { cursor } = node.files.replica.meta();
  for (const stored of ownOps(node)) {
    const kept = atCentre(tables, stored);
    const seq = kept === undefined ? null : effectiveSeq(kept);
    if (kept === undefined || seq === null || seq > cursor || stored.ackSeq === seq) continue;
    // What the centre settled later is told once, and a disk that lied has lost the word.
    if (kept.held !== null && node.hasLostTail) continue;
    fail('acks', `${node.name} is at ${cursor} and does not know that its op ${stored.op.tseq} is at ${seq}`);
  }
}

/** Hash of all confirmed rows of the centre. */
export function centreHash(tables: CentreTables, crypto: Crypto): string {
  const hash = createStateHash(crypto);
  for (const { row } of tables.members.values()) hash.addMember(row);
  for (const row of tables.cards.values()) hash.addCard(row);
  for (const row of tables.accounts.values()) hash.addAccount(row);
  return hash.value();
}

export function replicaHash({ files }: TillNode, crypto: Crypto): string {
  const hash = createStateHash(crypto);
  files.replica.eachRow({ member: hash.addMember, card: hash.addCard, account: hash.addAccount });
  return hash.value();
}

/** Documents in order; without the number, which in a segment is the segment's. */
const inOrder = (documents: Iterable<ChainDocument>): string =>
  [...documents]
    .map(({ kind, id, body }) => canonicalJson([kind, id, body as Json]))
    .sort()
    .join('\n');
export const documentsIn = ({ documents }: CentreTables): string => inOrder(documents.values());

/** Those of a till's copy. */
export const documentsOf = ({ files }: TillNode): string => inOrder(files.replica.documents());
