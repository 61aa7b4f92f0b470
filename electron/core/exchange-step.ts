import { setImmediate as nextTurn } from 'node:timers/promises';
import { applyInSlices } from '../../db/replica/apply-slices.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import type { StoredOp, TillDb } from '../../db/till/types.ts';
import type { CardId, MemberId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import type { Rows } from '../../sync/model/feed.ts';
import {
  OPS_PER_PUSH_MAX,
  PROTOCOL_VERSION,
  type ExchangeReply,
  type ExchangeRequest,
} from '../../sync/protocol/exchange.ts';
import { BATCH_BYTES_MAX, packBatch, type HolderOf, type PackedBatch } from '../../sync/protocol/pack.ts';
import { RELEASES_MAX } from '../../sync/protocol/releases.ts';
import { schemaHash } from '../../sync/protocol/schema.ts';
import { CentreFault, type CentreClient } from './centre-client.ts';
import { nodeCrypto } from './crypto.ts';
import { oweOwnKeys, restoreSomeKeys } from './own-keys.ts';
import { forgetPurged, purge, purgedErasure } from './purge.ts';
import type { OwnSpill } from './spill.ts';
import type { Enrolment, TillSettings } from './till-settings.ts';

/** More changed members than this are told as "anything may have changed". */
const CHANGED_MEMBERS_MAX = 200;

export interface StepParts {
  till: TillDb;
  replica: ReplicaDb;
  settings: TillSettings;
  enrolment: Enrolment;
  centre: CentreClient;
  /** Raw wall clock, milliseconds since 1970 UTC. */
  wallMs: number;
  /** Leave nothing out of ops: the centre knows a card otherwise than this till. */
  isInFull: boolean;
  /** Fates only: rows would go past what files are bringing. */
  isRowsHeld?: boolean;
  /** The last release that was told while more are to come; kept from step to step. */
  released?: { seq: number | null } | undefined;
  /** Told what the centre has for good. */
  spill?: Pick<OwnSpill, 'forget'> | undefined;
  /** Between slices of a page; lets calls of cashiers through. */
  pause?: (() => Promise<void>) | undefined;
  /** See `purge.ts`. */
  eraseAsides?: ((memberId: MemberId) => boolean) | undefined;
}

export interface StepResult {
  pushed: number;
  pulled: number;
  hasMore: boolean;
  hasDocuments: boolean;
  /** So much is missing that it comes in files. */
  isFarBehind: boolean;
  /** The fates of all own ops up to this number are known; 0 while some are not. */
  knownSeq: number;
  changed: MemberId[] | null;
}

/** The next ops to send: at most 500, and not more than fit into one request. */
export function nextOps(till: TillDb, afterTseq: number): StoredOp[] {
  let bytes = 0;
  const waiting = till.ops.listAfter(afterTseq, OPS_PER_PUSH_MAX);
  const isOver = ({ op }: StoredOp): boolean =>
    (bytes += Buffer.byteLength(JSON.stringify(op))) > BATCH_BYTES_MAX;
  const end = waiting.findIndex((stored, at) => isOver(stored) && at > 0);
  return end < 0 ? waiting : waiting.slice(0, end);
}

/** Ops as they travel; null for none. */
export function toBatch(ops: readonly StoredOp[], holderOf: HolderOf): PackedBatch | null {
  const last = ops.at(-1);
  if (last === undefined) return null;
  const erased = new Map(
    ops.flatMap(({ op, commitment }) => (commitment === undefined ? [] : [[op.opId as string, commitment]])),
  );
  return packBatch(
    ops.map((stored) => stored.op),
    { head: last.hash, holderOf, erased },
  );
}

function toRequest(parts: StepParts): ExchangeRequest {
  const { till, replica, settings, enrolment, wallMs, isInFull, released } = parts;
  const meta = replica.meta();
  const ackedTseq = till.ops.ackedTseq();
  const holderOf: HolderOf = isInFull ? () => undefined : (cardId) => replica.card(cardId as CardId);
  const batch = toBatch(nextOps(till, ackedTseq), holderOf);
  return {
    protocol: PROTOCOL_VERSION,
    schema: schemaHash(nodeCrypto),
    tillId: enrolment.tillId,
    incarnation: enrolment.incarnation,
    epoch: meta.epoch,
    ackedTseq,
    ackedHash: ackedTseq === 0 ? CHAIN_START : must(till.ops.hashOf(ackedTseq), 'an acked op is kept'),
    lastTseq: till.ops.last()?.tseq ?? 0,
    fence: settings.fence(),
    ...(batch !== null && { batch }),
    clock: { wallMs },
    cursor: meta.cursor,
    ...(released?.seq != null && { releasedSeq: released.seq }),
    cardStock: till.stock.countFree(),
    lastBlockId: till.stock.lastBlockId(),
    purgedErasure: purgedErasure(till),
  };
}

const countRows = (rows: Rows): number =>
  rows.documents.length +
  rows.members.length +
  rows.cards.length +
  rows.accounts.length +
  rows.entries.length;

function changedMembers(rows: Rows): MemberId[] | null {
  const ids = new Set(
    [...rows.members, ...rows.cards, ...rows.accounts, ...rows.entries].map((row) => row.memberId),
  );
  return ids.size > CHANGED_MEMBERS_MAX ? null : [...ids];
}

/**
 * Takes the answer in: fates of the till's own ops first, rows and cursor after. A crash between the two
 * repeats a step that is safe to repeat, and no op counts twice meanwhile, because each row says which ops it
 * holds.
 */
async function takeIn(parts: StepParts, reply: ExchangeReply): Promise<void> {
  const { till, replica, settings, isRowsHeld, spill, eraseAsides, pause = nextTurn } = parts;
  till.transaction(() => {
    till.ops.recordAcks(reply.acks, reply.held);
    till.ops.recordReleases(reply.releases);
    if (reply.fence !== settings.fence()) settings.setFence(reply.fence);
    if (reply.cardBlock !== null) till.stock.addBlock(reply.cardBlock);
  });
  // A spill is sealed, but what was typed about somebody who is erased must be gone from it too.
  spill?.forget(reply.durableTseq, (reply.erasures?.memberIds.length ?? 0) > 0);
  if (replica.isNewer || isRowsHeld === true) return;
  if (reply.erasures !== null) purge({ till, replica, eraseAsides }, reply.erasures);
  const isSettled = !reply.hasMore && !reply.isFarBehind;
  const at = { epoch: reply.epoch, cursor: reply.cursor, isSettled };
  await applyInSlices(replica, reply.rows, { at, pause });
  if (isSettled && reply.acks.length + countRows(reply.rows) > 0) till.ops.forgetKeys(reply.cursor);
}

/**
 * True when the centre lost work that this till knows of: it was restored from a copy, or moved. Only sending
 * everything again brings both together.
 */
export const isCountingAnew = (cause: unknown): boolean =>
  cause instanceof CentreFault && (cause.code === 'epoch_changed' || cause.code === 'tseq_gap');

/** True when the centre can not fill in what was left out of the ops. */
export const isToSendInFull = (cause: unknown): boolean =>
  cause instanceof CentreFault && cause.code === 'send_in_full';

/**
 * Back to the first exchange, with all own ops kept and unsent. The numbers go first: rows alone repeat
 * safely.
 *
 * @param renewCopy puts an empty copy in the place of this one, right after it has called what it is given: with the
 *   numbers gone and the rows still there, own ops would count twice. Without it the rows are taken out.
 */
export async function startAnew(
  { till, replica }: Pick<StepParts, 'till' | 'replica'>,
  renewCopy = async (forgetNumbers: () => void): Promise<void> => {
    forgetNumbers();
    replica.clear();
  },
): Promise<void> {
  await renewCopy(() =>
    till.transaction(() => {
      till.ops.forgetAcks();
      forgetPurged(till);
      oweOwnKeys(till);
    }),
  );
  while (restoreSomeKeys(till)) await nextTurn();
}

/**
 * One exchange with the centre: at most 500 ops out, at most one page of rows in. Safe to repeat after any
 * failure.
 */
export async function exchangeOnce(parts: StepParts): Promise<StepResult> {
  const request = toRequest(parts);
  const reply = await parts.centre.exchange(request);
  await takeIn(parts, reply);
  const { outstanding } = parts.till.ops.counts();
  const { releases } = reply;
  const isTold = releases.length < RELEASES_MAX;
  if (parts.released !== undefined) parts.released.seq = isTold ? null : (releases.at(-1)?.seq ?? null);
  return {
    pushed: reply.acks.reduce((sum, ack) => sum + ack.count, 0),
    pulled: countRows(reply.rows),
    hasMore: parts.replica.isNewer ? outstanding > 0 : reply.hasMore || outstanding > 0,
    hasDocuments: parts.isRowsHeld !== true && reply.rows.documents.length > 0,
    isFarBehind: reply.isFarBehind && !parts.replica.isNewer,
    knownSeq: isTold && parts.till.ops.ackedTseq() >= reply.hiTseq ? reply.headSeq : 0,
    changed: changedMembers(reply.rows),
  };
}
