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
import type { ChainDocument } from '../../sync/model/chain.ts';
import type { ConsentRow } from '../../sync/model/consent.ts';
import { applyOp } from '../../sync/merge/apply-op.ts';
import { rootOf } from '../../sync/merge/merged.ts';
import { documentKey, type Outcome, type RowReader } from '../../sync/merge/rows.ts';

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
  const consents: ConsentRow[] = [];
  const documents = new Map<string, ChainDocument>();
  let spareCount = 0;
  const parentOf = (id: MemberId): MemberRow | undefined => members.get(id);
  const seen = new Set<string>();
  const reader: RowReader = {
    member: (id) => members.get(id),
    card: (id) => cards.get(id),
    cardByNumber: (number) => [...cards.values()].find((card) => card.cardNumber === number),
    account: (id) => accounts.get(id),
    entry: (id) => entries.get(id),
    correctionOf: (id) => [...entries.values()].find((entry) => entry.correctsOpId === id),
    fieldClocks: (id) => (hasClocks ? (clocks.get(id) ?? {}) : null),
    mergedSet: (id) =>
      [...members.values()]
        .map((row) => row.memberId)
        .filter((each) => rootOf(parentOf, each) === rootOf(parentOf, id)),
    document: (kind, id) => documents.get(documentKey(kind, id)),
    documentsOf: (kind) => [...documents.values()].filter((each) => each.kind === kind),
    spareCardNumber: () => {
      spareCount += 1;
      return `9${String(spareCount).padStart(15, '0')}`;
    },
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
      else if (change.table === 'account') {
        // As the centre does: a number for each new account.
        const accountNo = change.row.accountNo ?? accounts.size + 1;
        accounts.set(change.row.accountId, { ...change.row, accountNo });
      } else if (change.table === 'entry') entries.set(change.row.opId, change.row);
      else if (change.table === 'consent') consents.push(change.row);
      else documents.set(documentKey(change.row.kind, change.row.id), change.row);
    }
    return outcome;
  };
  /** A number for an op that is held. */
  const passNumber = (): number => (seq += 1);
  return {
    apply,
    passNumber,
    reader,
    members,
    cards,
    accounts,
    entries,
    consents,
    documents,
    seqNow: () => seq,
  };
}
