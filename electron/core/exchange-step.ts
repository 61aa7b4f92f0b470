import type { ReplicaDb } from '../../db/replica/types.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import type { Rows } from '../../sync/model/feed.ts';
import {
  OPS_PER_PUSH_MAX,
  PROTOCOL_VERSION,
  type ExchangeReply,
  type ExchangeRequest,
} from '../../sync/protocol/exchange.ts';
import { restoreOwnKeys } from './own-keys.ts';
import { CentreFault, type CentreClient } from './centre-client.ts';
import type { Enrolment } from './till-settings.ts';

/** More changed members than this are told as "anything may have changed". */
const CHANGED_MEMBERS_MAX = 200;

export interface StepParts {
  till: TillDb;
  replica: ReplicaDb;
  enrolment: Enrolment;
  centre: CentreClient;
}

export interface StepResult {
  pushed: number;
  pulled: number;
  hasMore: boolean;
  hasDocuments: boolean;
  changed: MemberId[] | null;
}

function toRequest({ till, replica, enrolment }: StepParts): ExchangeRequest {
  const meta = replica.meta();
  const ackedTseq = till.ops.ackedTseq();
  return {
    protocol: PROTOCOL_VERSION,
    tillId: enrolment.tillId,
    incarnation: enrolment.incarnation,
    epoch: meta.epoch,
    ackedTseq,
    ackedHash: ackedTseq === 0 ? CHAIN_START : must(till.ops.hashOf(ackedTseq), 'an acked op is kept'),
    ops: till.ops.listAfter(ackedTseq, OPS_PER_PUSH_MAX).map((stored) => stored.op),
    cursor: meta.cursor,
    cardStock: till.stock.countFree(),
    lastBlockId: till.stock.lastBlockId(),
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
function takeIn({ till, replica }: StepParts, reply: ExchangeReply): void {
  till.transaction(() => {
    till.ops.recordAcks(reply.acks, reply.held);
    if (reply.cardBlock !== null) till.stock.addBlock(reply.cardBlock);
  });
  if (replica.isNewer) return;
  const isSettled = !reply.hasMore;
  replica.apply(reply.rows, { epoch: reply.epoch, cursor: reply.cursor, isSettled });
  if (isSettled && reply.acks.length + countRows(reply.rows) > 0) till.ops.forgetKeys(reply.cursor);
}

/**
 * True when the centre lost work that this till knows of: it was restored from a copy, or moved. Only sending
 * everything again brings both together.
 */
export const isCountingAnew = (cause: unknown): boolean =>
  cause instanceof CentreFault && (cause.code === 'epoch_changed' || cause.code === 'tseq_gap');

/**
 * Back to the first exchange, with all own ops kept and unsent. The numbers go first: rows alone repeat
 * safely.
 */
export function startAnew({ till, replica }: Pick<StepParts, 'till' | 'replica'>): void {
  till.transaction(() => till.ops.forgetAcks());
  replica.clear();
  restoreOwnKeys(till);
}

/**
 * One exchange with the centre: at most 500 ops out, at most one page of rows in. Safe to repeat after any
 * failure.
 */
export async function exchangeOnce(parts: StepParts): Promise<StepResult> {
  const request = toRequest(parts);
  const reply = await parts.centre.exchange(request);
  takeIn(parts, reply);
  const { outstanding } = parts.till.ops.counts();
  return {
    pushed: reply.acks.reduce((sum, ack) => sum + ack.count, 0),
    pulled: countRows(reply.rows),
    hasMore: parts.replica.isNewer ? outstanding > 0 : reply.hasMore || outstanding > 0,
    hasDocuments: reply.rows.documents.length > 0,
    changed: changedMembers(reply.rows),
  };
}
