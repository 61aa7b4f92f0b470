import { readExtras, verifiedWords } from '../../../sync/model/extras.ts';
import { CUSTOM_PREFIX, isBuiltIn } from '../../../sync/model/register.ts';
import { wordTags } from '../../../sync/model/segment.ts';
import type { Connection } from '../../open.ts';
import type { MemberFacts } from './register-table.ts';

export interface StoredMember {
  rid: number;
  memberId: string;
  mergedIntoId: string | null;
  facts: MemberFacts;
}

type MemberValues = [
  rid: number,
  memberId: string,
  mergedIntoId: string | null,
  lastName: string,
  firstName: string,
  mobile: string | null,
  phone: string | null,
  createdAtMs: number,
  state: string,
  tier: string,
  storeId: string,
  gender: string,
  customerType: string,
  hasMarketingConsent: number,
  dateOfBirth: string | null,
  extras: string,
];
const MEMBER = `rowid, member_id, merged_into_id, last_name, first_name, mobile, phone, created_at_ms, state, tier,
  store_id, gender, customer_type, has_marketing_consent, date_of_birth, extras`;

function toStored(values: MemberValues): StoredMember {
  const [rid, memberId, mergedIntoId, lastName, firstName, mobile, phone, createdAtMs, state, ...rest] =
    values;
  const [tier, storeId, gender, customerType, consent, dateOfBirth, extrasText] = rest;
  const extras = readExtras(extrasText);
  return {
    rid,
    memberId,
    mergedIntoId,
    facts: {
      isListed: mergedIntoId === null && state !== 'anonymised' && !extras.isRemoved,
      ...{ lastName, firstName, mobile, phone, createdAtMs, state, tier, storeId, gender, customerType },
      ...{ hasMarketingConsent: consent === 1, dateOfBirth, groups: extras.groups },
      ...{ tags: wordTags(extras.tags), verified: verifiedWords(extras.verified), custom: extras.custom },
    },
  };
}

/** Columns that are read when somebody asks for them, as the table has them. */
const TEXT_COLUMNS: Record<string, string> = {
  email: 'email',
  lookupId: 'lookup_id',
  supportId: 'support_id',
  prefix: 'prefix',
  street1: 'street1',
  street2: 'street2',
  postalCode: 'postal_code',
  city: 'city',
  region: 'region',
  country: 'country',
  notes: 'notes',
  tierUntil: 'tier_until',
};

type KeyRange = [run: number, from: string, to: string];

/** Everything that the list reads from the copy, over a connection of its own. */
export function registerReader(raw: Connection) {
  const slice = raw
    .prepare<[number, number]>(`SELECT ${MEMBER} FROM members WHERE rowid > ? AND rowid <= ?`)
    .raw();
  const byId = raw.prepare<[string]>(`SELECT ${MEMBER} FROM members WHERE member_id = ?`).raw();
  const idOf = raw.prepare<[number], string>('SELECT member_id FROM members WHERE rowid = ?').pluck();
  const kin = raw.prepare<[string], string>('SELECT member_id FROM members WHERE merged_into_id = ?').pluck();
  const cardSlice = raw
    .prepare<[number, number], [string, string]>(
      `SELECT member_id, card_type_id FROM cards WHERE rowid > ? AND rowid <= ? AND status = 'active'`,
    )
    .raw();
  const accountSlice = raw
    .prepare<[number, number], [number, string, number, number]>(
      'SELECT account_no, member_id, entry_count, last_entry_at_ms FROM accounts WHERE account_no > ? ORDER BY account_no LIMIT ?',
    )
    .raw();
  const cardsOf = raw
    .prepare<[string], string>(`SELECT card_type_id FROM cards WHERE member_id = ? AND status = 'active'`)
    .pluck();
  const accountsOf = raw.prepare<[string], { entryCount: number; lastEntryAtMs: number }>(
    `SELECT entry_count AS entryCount, last_entry_at_ms AS lastEntryAtMs FROM accounts
     WHERE account_id IN (SELECT account_id FROM cards WHERE member_id = ?)`,
  );
  const holder = raw.prepare<[number], string>('SELECT member_id FROM accounts WHERE account_no = ?').pluck();
  const runs = raw.prepare<[], number>('SELECT run FROM key_runs ORDER BY run').pluck();
  const keys = raw
    .prepare<KeyRange, number>('SELECT rid FROM search_keys WHERE run = ? AND key >= ? AND key < ?')
    .pluck();
  const last = (table: string): number =>
    Number(raw.prepare(`SELECT max(rowid) FROM ${table}`).pluck().get() ?? 0);
  const members = (rows: unknown[]): StoredMember[] => (rows as MemberValues[]).map(toStored);
  return {
    lastRows: () => ({ members: last('members'), cards: last('cards'), accounts: last('accounts') }),
    /** Rows above `after`, up to `upTo`. */
    memberSlice: (after: number, upTo: number): StoredMember[] => members(slice.all(after, upTo)),
    member: (memberId: string): StoredMember | undefined => members(byId.all(memberId))[0],
    memberIdOf: (rid: number): string | undefined => idOf.get(rid),
    /** Members that go on as this one, one step of the chain. */
    mergedFrom: (memberId: string): string[] => kin.all(memberId),
    cardSlice: (after: number, upTo: number): [memberId: string, cardTypeId: string][] =>
      cardSlice.all(after, upTo),
    accountSlice: (after: number, limit: number) => accountSlice.all(after, limit),
    cardsOf: (memberId: string): string[] => cardsOf.all(memberId),
    accountsOf: (memberId: string) => accountsOf.all(memberId),
    holderOf: (accountNo: number): string | undefined => holder.get(accountNo),
    /** Rows of members filed under a key that starts so. */
    ridsByKey: (prefix: string): number[] =>
      runs.all().flatMap((run) => keys.all(run, prefix, `${prefix}\u{10ffff}`)),
    textSlices: (column: string) => textReader(raw, column),
  };
}
export type RegisterReader = ReturnType<typeof registerReader>;

/** One column of all rows, as text; only rows that have one. */
function textReader(
  raw: Connection,
  column: string,
): (after: number, upTo: number) => [rid: number, text: string][] {
  if (isBuiltIn(column)) {
    const name = TEXT_COLUMNS[column];
    if (name === undefined) throw new Error(`no text column: ${column}`);
    const read = raw
      .prepare<[number, number], [number, string]>(
        `SELECT rowid, ${name} FROM members WHERE rowid > ? AND rowid <= ? AND ${name} <> ''`,
      )
      .raw();
    return (after, upTo) => read.all(after, upTo);
  }
  const id = column.slice(CUSTOM_PREFIX.length);
  // Only the one value leaves SQLite: the rest of the extras is never made into objects.
  const read = raw
    .prepare<[string, number, number, string], [number, string]>(
      `SELECT rowid, extras ->> ? FROM members WHERE rowid > ? AND rowid <= ? AND instr(extras, ?) > 0`,
    )
    .raw();
  return (after, upTo) =>
    read
      .all(`$.custom."${id}"`, after, upTo, `"${id}":`)
      // The sign may be of something else that bears the same name.
      .filter(([, text]) => typeof text === 'string' && text !== '');
}
