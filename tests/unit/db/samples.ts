import { createHash } from 'node:crypto';
import type {
  AccountId,
  CardId,
  CardTypeId,
  MemberId,
  OpId,
  StaffId,
  StoreId,
  TillId,
} from '../../../sync/base/ids.ts';
import { toHlc } from '../../../sync/base/clock.ts';
import type { AccountRow, CardRow, EntryRow } from '../../../sync/model/card.ts';
import { roundSpent } from '../../../sync/model/spent-level.ts';
import type { ChainDocument } from '../../../sync/model/chain.ts';
import { EMPTY_FIELDS, type MemberRow } from '../../../sync/model/member.ts';
import { CHAIN_START, sealOp, type Op, type OpBody, type SealedOp } from '../../../sync/model/op.ts';
import { EMPTY_ROWS, type Rows } from '../../../sync/model/feed.ts';

const START_MS = 1_790_000_000_000;

/** A UUIDv7-like id: a letter for the kind and a number. */
const id = (kind: string, n: number): string =>
  `0190${kind}000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const memberId = (n: number) => id('a', n) as MemberId;
export const cardId = (n: number) => id('b', n) as CardId;
export const accountId = (n: number) => id('c', n) as AccountId;
export const opId = (n: number) => id('d', n) as OpId;
export const cardNumber = (n: number) => `603555${String(n).padStart(10, '0')}`;

const staff = 'staff-1' as StaffId;
const store = 'store-1' as StoreId;
const till = 'till-1' as TillId;
const stampCard = 'stamp' as CardTypeId;

export const member = (n: number, changed: Partial<MemberRow> = {}): MemberRow => ({
  ...EMPTY_FIELDS,
  memberId: memberId(n),
  seq: n,
  lastName: 'Tan',
  firstName: `Wei ${n}`,
  mobile: `+659${String(n).padStart(7, '0')}`,
  email: `m${n}@example.test`,
  lookupId: `LK${n}`,
  supportId: `SUP-${n}`,
  storeId: store,
  createdAtMs: START_MS,
  state: 'active',
  stateEpoch: 0,
  stateReason: '',
  stateHlc: '',
  stateActorId: null,
  pdpaPolicy: '2026-01',
  hasMarketingConsent: true,
  marketingHlc: '',
  mergedIntoId: null,
  extras: '',
  ...changed,
});

export const card = (n: number, changed: Partial<CardRow> = {}): CardRow => ({
  cardId: cardId(n),
  seq: n,
  cardNumber: cardNumber(n),
  memberId: memberId(n),
  accountId: accountId(n),
  cardTypeId: stampCard,
  status: 'active',
  statusReason: '',
  issuedAtMs: START_MS,
  expiresOn: '2028-02-29',
  replacesCardId: null,
  ...changed,
});

export const account = (n: number, changed: Partial<AccountRow> = {}): AccountRow => ({
  accountId: accountId(n),
  seq: n,
  accountNo: n,
  memberId: memberId(n),
  cardTypeId: stampCard,
  balance: 3,
  entryCount: 1,
  lastEntryAtMs: START_MS,
  purchaseCount: 1,
  spentMinor: roundSpent(1_250, 1),
  ...changed,
});

export const entry = (n: number, changed: Partial<EntryRow> = {}): EntryRow => ({
  opId: opId(n),
  seq: n,
  accountId: accountId(n),
  memberId: memberId(n),
  cardId: cardId(n),
  kind: 'stamp.added',
  delta: 1,
  amountMinor: 1_250,
  receiptNo: '',
  rewardId: '',
  cardTypeVersion: 1,
  correctsOpId: null,
  reason: '',
  storeId: store,
  tillId: till,
  actorId: staff,
  businessDay: '2026-11-22',
  wallMs: START_MS + n,
  ...changed,
});

export const storeDocument = (seq: number, name: string): ChainDocument => ({
  kind: 'store',
  id: store,
  seq,
  body: { storeId: store, version: seq, name, timeZone: 'Asia/Singapore', cutOffHour: 4 },
});

export const rows = (part: Partial<Rows>): Rows => ({ ...EMPTY_ROWS, ...part });

/** Members 1 to `count`, each with a card, an account and an entry. */
export function shopRows(count: number): Rows {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return rows({
    members: numbers.map((n) => member(n)),
    cards: numbers.map((n) => card(n)),
    accounts: numbers.map((n) => account(n)),
    entries: numbers.map((n) => entry(n)),
  });
}

export const stamp = (n: number, count = 1): OpBody => ({
  kind: 'stamp.added',
  memberId: memberId(n),
  cardId: cardId(n),
  accountId: accountId(n),
  cardTypeVersion: 1,
  amountMinor: null,
  receiptNo: '',
  count,
});

/** A redemption of `gain` units that its till earned itself; with 0 a grant paid it. */
export const gainSpend = (n: number, gain: number): OpBody => ({
  kind: 'reward.redeemed',
  memberId: memberId(n),
  cardId: cardId(n),
  accountId: accountId(n),
  cardTypeVersion: 1,
  rewardId: 'drink',
  cost: Math.max(1, gain),
  cover: { gain, grant: gain === 0 ? 1 : 0, floor: 0, holdId: null },
});

export const correction = (n: number, corrects: OpId): OpBody => ({
  kind: 'entry.corrected',
  memberId: memberId(n),
  cardId: cardId(n),
  accountId: accountId(n),
  cardTypeVersion: 1,
  correctsOpId: corrects,
  delta: -1,
  reason: 'undo',
});

const crypto = {
  sha256Hex: (text: string) => createHash('sha256').update(text).digest('hex'),
  randomHex: (byteCount: number) => '0'.repeat(byteCount * 2),
};

/** Ops 1, 2, 3 … of one till, each chained to the one before. */
export function opChain() {
  let tseq = 0;
  let prev = CHAIN_START;
  return (body: OpBody, changed: Partial<Op> = {}): SealedOp => {
    tseq += 1;
    const op: Op = {
      version: 1,
      opId: opId(tseq),
      tillId: till,
      incarnation: 1,
      tseq,
      hlc: toHlc(START_MS + tseq),
      wallMs: START_MS + tseq,
      actorId: staff,
      storeId: store,
      businessDay: '2026-11-22',
      kind: body.kind,
      salt: '',
      prev,
      body,
      ...changed,
    };
    const sealed = sealOp(op, crypto);
    prev = sealed.hash;
    return sealed;
  };
}
