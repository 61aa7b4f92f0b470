import type { AccountId, CardId, MemberId, OpId } from '../base/ids.ts';
import { unreachable } from '../base/must.ts';
import type { AccountRow, EntryKind, EntryRow } from '../model/card.ts';
import type { Op, OpBody, OpBodyOf } from '../model/op.ts';
import { isRemoved } from '../model/extras.ts';
import type { Applied } from './apply-op.ts';
import { barredTask } from './member-state.ts';
import { purchaseShare } from './purchases.ts';
import type { Flag, InboxTask, Outcome, RowReader } from './rows.ts';

export type MovingBody = Extract<
  OpBody,
  {
    kind:
      | 'stamp.added'
      | 'visit.deducted'
      | 'visits.added'
      | 'points.credited'
      | 'points.debited'
      | 'credit.toppedUp'
      | 'credit.earned'
      | 'credit.spent'
      | 'reward.redeemed'
      | SettlingKind;
  }
>;
/** Kinds that bring an account of somebody who is erased to zero. */
type SettlingKind = 'balance.forfeited' | 'credit.paidOut';
const SETTLING: ReadonlySet<string> = new Set<SettlingKind>(['balance.forfeited', 'credit.paidOut']);

const MOVING: ReadonlySet<string> = new Set<MovingBody['kind']>([
  ...(['stamp.added', 'visit.deducted', 'visits.added', 'points.credited', 'points.debited'] as const),
  ...(['credit.toppedUp', 'credit.earned', 'credit.spent', 'reward.redeemed'] as const),
  ...(['balance.forfeited', 'credit.paidOut'] as const),
]);
export const isMoving = (body: OpBody): body is MovingBody => MOVING.has(body.kind);

export type BookingBody =
  | MovingBody
  | OpBodyOf<'entry.corrected'>
  | OpBodyOf<'purchase.edited'>
  | OpBodyOf<'points.expired'>;
const BOOKING: ReadonlySet<string> = new Set<BookingBody['kind']>([
  'entry.corrected',
  'purchase.edited',
  'points.expired',
]);

/** True when the op only books on an account. Its rules ask for member and card no more than what is unusual there. */
export const isBooking = (body: OpBody): body is BookingBody => isMoving(body) || BOOKING.has(body.kind);

/** Signed change of the balance, in the account's unit. */
export function deltaOf(body: MovingBody): number {
  switch (body.kind) {
    case 'stamp.added':
    case 'visits.added':
      return body.count;
    case 'visit.deducted':
      return -body.count;
    case 'points.credited':
      return body.points;
    case 'points.debited':
      return -body.points;
    case 'credit.toppedUp':
    case 'credit.earned':
      return body.creditMinor;
    case 'credit.spent':
    case 'credit.paidOut':
      return -body.creditMinor;
    case 'balance.forfeited':
      return -body.count;
    case 'reward.redeemed':
      return -body.cost;
    default:
      return unreachable(body);
  }
}

/** An account tells its latest entry to the minute: more would cost bytes in every feed and serve nobody. */
export const wholeMinute = (wallMs: number): number => wallMs - (wallMs % 60_000);

interface EntryFacts {
  kind: EntryKind;
  delta: number;
  memberId: MemberId;
  cardId: CardId;
  accountId: AccountId;
  cardTypeVersion: number;
  amountMinor?: number | null;
  receiptNo?: string;
  rewardId?: string;
  reason?: string;
  correctsOpId?: OpId | null;
}

export function entryOf({ op, seq }: { op: Op; seq: number }, facts: EntryFacts): EntryRow {
  return {
    opId: op.opId,
    seq,
    accountId: facts.accountId,
    memberId: facts.memberId,
    cardId: facts.cardId,
    kind: facts.kind,
    delta: facts.delta,
    amountMinor: facts.amountMinor ?? null,
    receiptNo: facts.receiptNo ?? '',
    rewardId: facts.rewardId ?? '',
    cardTypeVersion: facts.cardTypeVersion,
    correctsOpId: facts.correctsOpId ?? null,
    reason: facts.reason ?? '',
    storeId: op.storeId,
    tillId: op.tillId,
    actorId: op.actorId,
    businessDay: op.businessDay,
    wallMs: op.wallMs,
  };
}

/**
 * The account with one more entry. The member's own row stays as it is: a stamp must not send a profile to
 * every till.
 */
export function book(
  rows: RowReader,
  { op, seq }: Applied,
  { account, entry, undone }: { account: AccountRow; entry: EntryRow; undone?: EntryRow },
): Outcome & { held: null } {
  const share = purchaseShare(entry, undone);
  const moved: AccountRow = {
    ...account,
    seq,
    balance: account.balance + entry.delta,
    entryCount: account.entryCount + 1,
    lastEntryAtMs: Math.max(account.lastEntryAtMs, wholeMinute(op.wallMs)),
    purchaseCount: account.purchaseCount + share.purchases,
    spentMinor: account.spentMinor + share.spentMinor,
  };
  const changes: (Outcome & { held: null })['changes'] = [
    { table: 'account', row: moved },
    { table: 'entry', row: entry },
  ];
  const flags: Flag[] = [];
  if (moved.balance < 0) flags.push('overdrawn');
  const member = rows.member(entry.memberId);
  const tasks: InboxTask[] = [];
  // Whoever is blocked or removed may be erased: two people have looked at what is left of her.
  const isSettled = SETTLING.has(op.kind);
  if (member !== undefined && !isSettled && (member.state !== 'active' || isRemoved(member))) {
    flags.push('on_barred_member');
    tasks.push(barredTask(member, op.kind));
  }
  const card = rows.card(entry.cardId);
  if (card !== undefined && card.status !== 'active') flags.push('on_dead_card');
  return { held: null, changes, flags, tasks };
}

/** An op names account, member and card together, and they belong together: else it is no till's of ours. */
export function isOfOneLineage(
  rows: RowReader,
  account: AccountRow,
  named: { memberId: MemberId; cardId: CardId },
): boolean {
  const card = rows.card(named.cardId);
  return account.memberId === named.memberId && (card === undefined || card.accountId === account.accountId);
}

/** The tier whose factor counted stands where a redemption has its reward, so that an edit can use it again. */
const ruleUsed = (body: MovingBody): { rewardId?: string } =>
  'tier' in body && body.tier !== undefined ? { rewardId: body.tier } : {};

/**
 * Adds the op's units to its account. What happened is accepted, also below zero; that is flagged, never
 * lost.
 */
export function moveUnits(rows: RowReader, applied: Applied, body: MovingBody): Outcome {
  const account = rows.account(body.accountId);
  if (account === undefined) return { held: 'unknown_target' };
  if (!isOfOneLineage(rows, account, body)) return { held: 'bad_body' };
  return book(rows, applied, {
    account,
    entry: entryOf(applied, { ...ruleUsed(body), ...body, delta: deltaOf(body) }),
  });
}

/** Counters one entry to the unit, once: a second correction of the same entry waits for a person. */
export function correctEntry(rows: RowReader, applied: Applied, body: OpBodyOf<'entry.corrected'>): Outcome {
  const account = rows.account(body.accountId);
  const corrected = rows.entry(body.correctsOpId);
  if (account === undefined || corrected?.accountId !== body.accountId) return { held: 'unknown_target' };
  if (body.delta !== -corrected.delta || !isOfOneLineage(rows, account, body)) return { held: 'bad_body' };
  const earlier = rows.correctionOf(body.correctsOpId);
  if (earlier !== undefined && earlier.opId !== applied.op.opId) return { held: 'already_corrected' };
  return book(rows, applied, { account, entry: entryOf(applied, body), undone: corrected });
}
