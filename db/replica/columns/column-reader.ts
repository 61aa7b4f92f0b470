import type { MemberId } from '../../../sync/base/ids.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import type { Connection } from '../../open.ts';

/** A member's row as far as segments look at it, in this order: a row as an object takes twice as long. */
export type ColumnMember = readonly [
  rid: number,
  memberId: MemberId,
  mergedIntoId: MemberId | null,
  state: MemberRow['state'],
  tier: string,
  storeId: string,
  gender: string,
  customerType: string,
  hasMarketingConsent: number,
  isCreditAllowed: number,
  dateOfBirth: string | null,
  hasEmail: number,
  hasMobile: number,
  city: string,
  region: string,
  country: string,
  postalCode: string,
  createdAtMs: number,
  extras: string,
];
const MEMBER = `rowid, member_id, merged_into_id, state, tier, store_id, gender, customer_type,
  has_marketing_consent, is_credit_allowed, date_of_birth, email IS NOT NULL, mobile IS NOT NULL, city, region,
  country, postal_code,
  created_at_ms, extras`;

export type LivingMember = readonly [
  rid: number,
  memberId: MemberId,
  mergedIntoId: MemberId | null,
  state: MemberRow['state'],
  extras: string,
];

export type ColumnAccount = readonly [
  memberId: MemberId,
  cardTypeId: string,
  balance: number,
  lastEntryAtMs: number,
  purchaseCount: number,
  spentMinor: number,
];
const ACCOUNT = 'member_id, card_type_id, balance, last_entry_at_ms, purchase_count, spent_minor';

/** What the columns are made of, over a connection of its own. */
export function columnReader(raw: Connection) {
  const members = raw
    .prepare<[number, number], ColumnMember>(`SELECT ${MEMBER} FROM members WHERE rowid > ? AND rowid <= ?`)
    .raw();
  const living = raw
    .prepare<[number, number], LivingMember>(
      `SELECT rowid, member_id, merged_into_id, state, extras FROM members
       WHERE rowid > ? AND rowid <= ?`,
    )
    .raw();
  const member = raw
    .prepare<[string], ColumnMember>(`SELECT ${MEMBER} FROM members WHERE member_id = ?`)
    .raw();
  const idOf = raw.prepare<[number], MemberId>('SELECT member_id FROM members WHERE rowid = ?').pluck();
  const kin = raw
    .prepare<[string], MemberId>('SELECT member_id FROM members WHERE merged_into_id = ?')
    .pluck();
  const cards = raw
    .prepare<[number, number], [MemberId, string]>(
      `SELECT member_id, card_type_id FROM cards WHERE rowid > ? AND rowid <= ? AND status = 'active'`,
    )
    .raw();
  const cardsOf = raw
    .prepare<[string], string>(`SELECT card_type_id FROM cards WHERE member_id = ? AND status = 'active'`)
    .pluck();
  const accounts = raw
    .prepare<[number, number], ColumnAccount>(
      `SELECT ${ACCOUNT} FROM accounts WHERE account_no > ? AND account_no <= ?`,
    )
    .raw();
  // A member's accounts are those of the member's cards: there is no other index.
  const accountsOf = raw
    .prepare<[string], ColumnAccount>(
      `SELECT ${ACCOUNT} FROM accounts WHERE account_id IN (SELECT account_id FROM cards WHERE member_id = ?)`,
    )
    .raw();
  const holder = raw
    .prepare<[number], MemberId>('SELECT member_id FROM accounts WHERE account_no = ?')
    .pluck();
  const last = (column: string, table: string): number =>
    Number(raw.prepare(`SELECT max(${column}) FROM ${table}`).pluck().get() ?? 0);
  return {
    ends: () => ({
      members: last('rowid', 'members'),
      cards: last('rowid', 'cards'),
      accounts: last('account_no', 'accounts'),
    }),
    /** Rows above `after`, up to `upTo`. */
    members: (after: number, upTo: number) => members.all(after, upTo),
    /** The same rows, as far as somebody counts at all. */
    living: (after: number, upTo: number) => living.all(after, upTo),
    cards: (after: number, upTo: number) => cards.all(after, upTo),
    accounts: (after: number, upTo: number) => accounts.all(after, upTo),
    member: (id: MemberId): ColumnMember | undefined => member.get(id),
    holderOf: (accountNo: number): MemberId | undefined => holder.get(accountNo),
    memberIdAt: (rid: number): MemberId | undefined => idOf.get(rid),
    mergedFrom: (id: MemberId) => kin.all(id),
    cardsOf: (id: MemberId) => cardsOf.all(id),
    accountsOf: (id: MemberId) => accountsOf.all(id),
  };
}
export type ColumnReader = ReturnType<typeof columnReader>;
