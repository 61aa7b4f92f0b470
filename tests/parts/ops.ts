import type {
  AccountId,
  CardId,
  CardTypeId,
  MemberId,
  OpId,
  StaffId,
  StoreId,
  TillId,
} from '../../sync/base/ids.ts';
import { newId } from '../../sync/base/ids.ts';
import { toHlc } from '../../sync/base/clock.ts';
import type { AccountRow, CardRow, EntryRow } from '../../sync/model/card.ts';
import { EMPTY_FIELDS, type FieldClocks, type MemberRow } from '../../sync/model/member.ts';
import { CHAIN_START, type Op, type OpBody } from '../../sync/model/op.ts';
import { applyOp } from '../../sync/merge/apply-op.ts';
import type { Outcome, RowReader } from '../../sync/merge/rows.ts';

export const IDS = {
  member: '01890000-0000-7000-8000-000000000001' as MemberId,
  card: '01890000-0000-7000-8000-000000000002' as CardId,
  account: '01890000-0000-7000-8000-000000000003' as AccountId,
  cardType: 'coffee' as CardTypeId,
  store: 'store-1' as StoreId,
  staff: 'staff-1' as StaffId,
};
export const ON_CARD = { memberId: IDS.member, cardId: IDS.card, accountId: IDS.account, cardTypeVersion: 1 };

/** An op as a till makes it; `atMs` sets clock and hybrid clock alike. */
export function makeOp(
  body: OpBody,
  options: { till?: string; tseq?: number; atMs?: number; opId?: string } = {},
): Op {
  const atMs = options.atMs ?? 1_700_000_000_000;
  return {
    version: 1,
    opId: (options.opId ?? newId()) as OpId,
    tillId: (options.till ?? 'till-1') as TillId,
    incarnation: 1,
    tseq: options.tseq ?? 1,
    hlc: toHlc(atMs),
    wallMs: atMs,
    actorId: IDS.staff,
    storeId: IDS.store,
    businessDay: '2026-11-22',
    kind: body.kind,
    salt: '',
    prev: CHAIN_START,
    body,
  };
}

export const createdBody = (cardNumber = '6035550000001230'): OpBody => ({
  kind: 'member.created',
  memberId: IDS.member,
  supportId: 'AAAA-2222',
  storeId: IDS.store,
  fields: { ...EMPTY_FIELDS, lastName: 'Tan', firstName: 'Wei Ling', mobile: '+6591110001', lookupId: 'L1' },
  pdpaPolicy: '2026-01',
  hasMarketingConsent: true,
  card: {
    cardId: IDS.card,
    accountId: IDS.account,
    cardTypeId: IDS.cardType,
    cardNumber,
    openingUnits: 0,
    expiresOn: null,
    cardTypeVersion: 1,
  },
});

/** A centre in memory: the rows after some ops, each op once. A second implementation of the row reader. */
export function createRowTable(hasClocks = true) {
  const members = new Map<string, MemberRow>();
  const clocks = new Map<string, FieldClocks | null>();
  const cards = new Map<string, CardRow>();
  const accounts = new Map<string, AccountRow>();
  const entries = new Map<string, EntryRow>();
  const seen = new Set<string>();
  const reader: RowReader = {
    member: (id) => members.get(id),
    card: (id) => cards.get(id),
    cardByNumber: (number) => [...cards.values()].find((card) => card.cardNumber === number),
    account: (id) => accounts.get(id),
    entry: (id) => entries.get(id),
    correctionOf: (id) => [...entries.values()].find((entry) => entry.correctsOpId === id),
    fieldClocks: (id) => (hasClocks ? (clocks.get(id) ?? {}) : null),
  };
  let seq = 0;
  const apply = (op: Op): Outcome | null => {
    if (seen.has(op.opId)) return null;
    seen.add(op.opId);
    seq += 1;
    const outcome = applyOp(reader, { op, seq, hlc: op.hlc });
    if (outcome.held !== null) return outcome;
    for (const change of outcome.changes) {
      if (change.table === 'member') {
        members.set(change.row.memberId, change.row);
        clocks.set(change.row.memberId, change.clocks);
      } else if (change.table === 'card') cards.set(change.row.cardId, change.row);
      else if (change.table === 'account') accounts.set(change.row.accountId, change.row);
      else entries.set(change.row.opId, change.row);
    }
    return outcome;
  };
  return { apply, reader, members, cards, accounts, entries, seqNow: () => seq };
}
