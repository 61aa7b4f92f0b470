import { setImmediate as nextTurn } from 'node:timers/promises';
import { applyInSlices } from '../../db/replica/apply-slices.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import type { StoredOp, TillDb } from '../../db/till/types.ts';
import type { AccountId, CardId, MemberId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import type { CardBlock, Rows } from '../../sync/model/feed.ts';
import {
  OPS_PER_PUSH_MAX,
  SPENDS_AHEAD_MAX,
  type ExchangeReply,
  type ExchangeRequest,
  type SpendAhead,
} from '../../sync/protocol/exchange.ts';
import { markNumber } from '../../sync/protocol/mark.ts';
import {
  BATCH_BYTES_MAX,
  cardsNamed,
  packBatch,
  type HolderOf,
  type PackedBatch,
} from '../../sync/protocol/pack.ts';
import { RELEASES_MAX } from '../../sync/protocol/releases.ts';
import { schemaHash } from '../../sync/protocol/schema.ts';
import type { VersionRange } from '../../sync/protocol/versions.ts';
import { CentreFault, type CentreClient } from './centre-client.ts';
import { speak, spokenBy } from './speaking.ts';
import { noteSent } from './spending/sent.ts';
import { noteSchema } from './copy-shape.ts';
import { nodeCrypto } from './crypto.ts';
import { oweOwnKeys, restoreSomeKeys } from './own-keys.ts';
import { confirmPurged, forgetPurged, purge, purgedErasure } from './purge.ts';
import type { Asking, SendAhead, SendFrom } from './send-ahead.ts';
import type { OwnSpill } from './spill.ts';
import { createTillSettings, type Aside, type Enrolment, type TillSettings } from './till-settings.ts';

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
  /** What this till understands; a test pretends another range. */
  protocols?: VersionRange;
  /** Leave nothing out of ops: the centre knows a card otherwise than this till. */
  isInFull: boolean;
  /** Fates only: rows would go past what files are bringing. */
  isRowsHeld?: boolean;
  /** The last release that was told while more are to come; kept from step to step. */
  released?: { seq: number | null } | undefined;
  /** Told at once when somebody is erased. */
  spill?: Pick<OwnSpill, 'forgetErased'> | undefined;
  /** Requests of a backlog that are on their way; without it each waits for the answer to the one before. */
  ahead?: SendAhead | undefined;
  /** At most so many ops in one request; as many as the protocol allows where nothing else is said. */
  opsMax?: number | undefined;
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
  /** Own ops up to this one are safe at the centre. */
  durableTseq: number;
  changed: MemberId[] | null;
}

/** The next ops to send: at most `opsMax`, and not more than fit into one request. */
export function nextOps(till: TillDb, afterTseq: number, opsMax = OPS_PER_PUSH_MAX): StoredOp[] {
  let bytes = 0;
  const waiting = till.ops.listAfter(afterTseq, opsMax);
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

/** Later spends of what these ops earn: until they come, another till would be given the units. */
export function spendsAfter(till: TillDb, ops: readonly StoredOp[]): SpendAhead[] {
  const last = ops.at(-1)?.op.tseq ?? 0;
  if (last === 0) return [];
  const accountOf = ({ op: { body } }: StoredOp): AccountId | undefined =>
    body.kind === 'member.created' ? body.card?.accountId : 'accountId' in body ? body.accountId : undefined;
  const accounts = new Set(ops.map(accountOf));
  return till.ops.listGainSpends(last, SPENDS_AHEAD_MAX).flatMap((stored) => {
    const { opId, body } = stored.op;
    const accountId = accountOf(stored);
    if (accountId === undefined || !accounts.has(accountId) || !('cover' in body)) return [];
    const { gain, grant } = body.cover ?? { gain: 0, grant: 0 };
    return gain === 0 ? [] : [{ opId, accountId, gain, grant }];
  });
}

/** The last op whose fate is known. */
function ackedEnd({ ops }: TillDb): SendFrom {
  const tseq = ops.ackedTseq();
  return { tseq, hash: tseq === 0 ? CHAIN_START : must(ops.hashOf(tseq), 'an acked op is kept') };
}

/** What the centre gave last in that epoch, as the till's own file has it. */
export function markIn(settings: TillSettings, epoch: string): string | undefined {
  const kept = settings.mark();
  return kept?.epoch === epoch ? kept.mark : undefined;
}

/**
 * What the till shows: the younger of what its two files kept, as a disk that lost the end of one may have kept that of
 * the other. '' before the centre gave any in the copy's epoch.
 */
export function markToShow({ settings, replica }: Pick<StepParts, 'settings' | 'replica'>): string {
  const ofCopy = replica.mark();
  const kept = markIn(settings, replica.meta().epoch) ?? '';
  return markNumber(kept) >= markNumber(ofCopy) ? kept : ofCopy;
}

/** What the copy says of the cards in these ops, looked up at once; of none where the ops are to leave in full. */
function holdersFor({ replica, isInFull }: StepParts, ops: readonly StoredOp[]): HolderOf {
  if (isInFull) return () => undefined;
  // Cast: what is no id of a card finds none.
  const held = replica.holders(cardsNamed(ops.map(({ op }) => op)) as CardId[]);
  const byCard = new Map(held.map((holder) => [holder.cardId as string, holder]));
  return (cardId) => byCard.get(cardId);
}

/** A request with the ops after `from`, and where the next would begin; null when it has the last of them. */
function toRequest(parts: StepParts, from: SendFrom): { request: ExchangeRequest; next: SendFrom | null } {
  const { till, replica, settings, enrolment, wallMs, released, opsMax, protocols } = parts;
  const meta = replica.meta();
  const ops = nextOps(till, from.tseq, opsMax);
  const batch = toBatch(ops, holdersFor(parts, ops));
  const lastTseq = till.ops.last()?.tseq ?? 0;
  const last = ops.at(-1);
  const spendsAhead = spendsAfter(till, ops);
  const mark = markToShow(parts);
  const request: ExchangeRequest = {
    protocol: spokenBy(settings, protocols),
    schema: schemaHash(nodeCrypto),
    tillId: enrolment.tillId,
    incarnation: enrolment.incarnation,
    epoch: meta.epoch,
    ackedTseq: from.tseq,
    ackedHash: from.hash,
    lastTseq,
    fence: settings.fence(),
    ...(batch !== null && { batch }),
    ...(spendsAhead.length > 0 && { spendsAhead }),
    clock: { wallMs },
    cursor: meta.cursor,
    ...(mark !== '' && { mark }),
    ...(released?.seq != null && { releasedSeq: released.seq }),
    cardStock: till.stock.countFree(),
    lastBlockId: till.stock.lastBlockId(),
    purgedErasure: purgedErasure({ till, replica }),
  };
  const isLast = last === undefined || last.op.tseq >= lastTseq;
  return { request, next: isLast ? null : { tseq: last.op.tseq, hash: last.hash } };
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

/** A block comes once more to a till that lost it: what its own ops issued meanwhile is not free any more. */
function withoutUsed(till: TillDb, block: CardBlock): CardBlock {
  const used = new Set(till.ops.openAmong(block.numbers.map((number) => `c${number}`)));
  return { ...block, numbers: block.numbers.filter((number) => !used.has(`c${number}`)) };
}

/**
 * Takes the answer in: fates of the till's own ops first, rows and cursor after. A crash between the two
 * repeats a step that is safe to repeat, and no op counts twice meanwhile, because each row says which ops it
 * holds.
 */
async function takeIn(parts: StepParts, reply: ExchangeReply): Promise<void> {
  const { till, replica, settings, isRowsHeld, spill, eraseAsides, pause = nextTurn } = parts;
  const { epoch, mark = markToShow(parts) } = reply;
  till.transaction(() => {
    till.ops.recordAcks(reply.acks, reply.held);
    till.ops.recordReleases(reply.releases);
    const { fence = settings.fence() } = reply;
    if (fence !== settings.fence()) settings.setFence(fence);
    if (settings.mark()?.mark !== mark) settings.setMark({ epoch, mark });
    noteSchema(settings, reply.schema);
    if (reply.cardBlock !== null) till.stock.addBlock(withoutUsed(till, reply.cardBlock));
  });
  const { erasures, durableTseq } = reply;
  // A spill is sealed, but what was typed about somebody who is erased must be gone from it too.
  const forgetErased = (isBlanked: boolean): void =>
    spill?.forgetErased(durableTseq, { upTo: erasures?.upTo ?? 0, isBlanked });
  if (erasures !== null && erasures.memberIds.length > 0) forgetErased(false);
  if (replica.isNewer || isRowsHeld === true) return;
  const onBlanked = (): void => forgetErased(true);
  if (erasures !== null) purge({ till, replica, eraseAsides, onBlanked }, erasures);
  const isSettled = !reply.hasMore && !reply.isFarBehind;
  const at = { epoch, cursor: reply.cursor, isSettled, mark };
  await applyInSlices(replica, reply.rows, { at, pause });
  if (isSettled && erasures !== null) confirmPurged(replica, erasures);
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
 * safely. With them it is noted that the copy goes: a cut between the two would leave ops that count on top of rows
 * which hold them, for as long as the line is down.
 *
 * @param renewCopy puts an empty copy in the place of this one, right after it has called what it is given: with the
 *   numbers gone and the rows still there, own ops would count twice. Without it the rows are taken out.
 */
export async function startAnew(
  { till, replica, allAsides }: Pick<StepParts, 'till' | 'replica'> & { allAsides?: () => Aside[] },
  renewCopy = async (forgetNumbers: () => void): Promise<void> => {
    forgetNumbers();
    replica.clear();
    createTillSettings(till.settings).setCopyToGo(false);
  },
): Promise<void> {
  await renewCopy(() =>
    till.transaction(() => {
      const settings = createTillSettings(till.settings);
      settings.setCopyToGo(true);
      // What the centre set aside it may have lost, and given to another till.
      settings.setGrants({});
      // What lies in files of earlier incarnations it may have lost as well, whatever it had answered.
      if (allAsides !== undefined) settings.setAsides(allAsides());
      till.ops.forgetAcks();
      forgetPurged(till);
      oweOwnKeys(till);
    }),
  );
  while (restoreSomeKeys(till)) await nextTurn();
}

/**
 * One exchange with the centre: at most 500 ops out, at most one page of rows in. Safe to repeat after any
 * failure. With `ahead`, the ops after those may leave too, and their answers are the next steps'.
 */
export async function exchangeOnce(parts: StepParts): Promise<StepResult> {
  const { till, replica, settings } = parts;
  // Before the first answer an epoch is not known, and nothing would keep two centres apart.
  const ahead = replica.meta().epoch === '' ? undefined : parts.ahead;
  const asking: Asking = {
    start: () => ackedEnd(till),
    cursor: () => replica.meta().cursor,
    request: (from) => toRequest(parts, from),
    send: (request) => {
      noteSent(till, settings);
      return speak(parts, request);
    },
    pause: parts.pause ?? nextTurn,
  };
  const reply = await (ahead?.answer(asking) ?? asking.send(asking.request(asking.start()).request));
  await takeIn(parts, reply);
  const { outstanding } = parts.till.ops.counts();
  const { releases } = reply;
  const isTold = releases.length < RELEASES_MAX;
  // An answer before the fates are known tells no release at all.
  if (parts.released !== undefined && !(isTold && reply.hasMore))
    parts.released.seq = isTold ? null : (releases.at(-1)?.seq ?? null);
  return {
    pushed: reply.acks.reduce((sum, ack) => sum + ack.count, 0),
    pulled: countRows(reply.rows),
    hasMore: parts.replica.isNewer ? outstanding > 0 : reply.hasMore || outstanding > 0,
    hasDocuments: parts.isRowsHeld !== true && reply.rows.documents.length > 0,
    isFarBehind: reply.isFarBehind && !parts.replica.isNewer,
    // Of an answer that leaves fates or rows for the next one the releases up to its head are still to be told.
    knownSeq: isTold && !reply.hasMore && parts.till.ops.ackedTseq() >= reply.hiTseq ? reply.headSeq : 0,
    durableTseq: reply.durableTseq,
    changed: changedMembers(reply.rows),
  };
}
