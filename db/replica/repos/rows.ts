import type { AccountId, CardId, MemberId, OpId } from '../../../sync/base/ids.ts';
import type { AccountRow, CardRow, EntryRow } from '../../../sync/model/card.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import { readBulkRows } from '../bulk/bulk-rows.ts';
import { accounts } from '../schema/accounts.ts';
import { cards } from '../schema/cards.ts';
import { entries } from '../schema/entries.ts';
import { members } from '../schema/members.ts';
import type { CardHolder, RowVisitor } from '../types.ts';

const member = columnsOf(members, ['rowHash']);
const card = columnsOf(cards, ['rowHash']);
const account = columnsOf(accounts, ['rowHash']);
const entry = columnsOf(entries);

/** As SQLite gives it: booleans are 0 and 1. */
type StoredMember = Omit<MemberRow, 'isCreditAllowed' | 'hasMarketingConsent'> & {
  isCreditAllowed: number;
  hasMarketingConsent: number;
};

function toMember(stored: StoredMember): MemberRow {
  return {
    ...stored,
    isCreditAllowed: stored.isCreditAllowed === 1,
    hasMarketingConsent: stored.hasMarketingConsent === 1,
  };
}

export function memberRepo(raw: Connection) {
  const byId = raw.prepare<[string], StoredMember>(
    `SELECT ${member.select} FROM members WHERE member_id = ?`,
  );
  const last = readBulkRows(raw).members;
  const inBulk = `rowid <= ${last}`;
  const later = `rowid > ${last}`;
  const byPhone = raw
    .prepare<[string, string, string, string, number], MemberId>(
      `SELECT member_id FROM members WHERE mobile = ? AND ${inBulk}
       UNION ALL SELECT member_id FROM members WHERE mobile = ? AND ${later}
       UNION ALL SELECT member_id FROM members WHERE phone = ? AND ${inBulk}
       UNION ALL SELECT member_id FROM members WHERE phone = ? AND ${later} LIMIT 0 + ?`,
    )
    .pluck();
  const among = raw
    .prepare<[string], string>(
      `SELECT asked.value FROM json_each(?) AS asked WHERE
         EXISTS (SELECT 1 FROM members WHERE mobile = asked.value AND ${inBulk})
         OR EXISTS (SELECT 1 FROM members WHERE mobile = asked.value AND ${later})
         OR EXISTS (SELECT 1 FROM members WHERE phone = asked.value AND ${inBulk})
         OR EXISTS (SELECT 1 FROM members WHERE phone = asked.value AND ${later})`,
    )
    .pluck();
  const mergedFrom = raw
    .prepare<[string], MemberId>('SELECT member_id FROM members WHERE merged_into_id = ?')
    .pluck();
  const lastRow = raw.prepare<[], number | null>('SELECT max(rowid) FROM members').pluck();
  const newest = raw
    .prepare<[number, number], MemberId>(
      `SELECT member_id FROM members WHERE rowid <= ? AND state <> 'anonymised' AND merged_into_id IS NULL
       AND instr(extras, '"removed":true') = 0 ORDER BY rowid DESC LIMIT 0 + ?`,
    )
    .pluck();
  return {
    newestMembers: ({ offset, limit }: { offset: number; limit: number }): MemberId[] =>
      newest.all((lastRow.get() ?? 0) - offset, limit),
    member: (id: MemberId): MemberRow | undefined => {
      const stored = byId.get(id);
      return stored === undefined ? undefined : toMember(stored);
    },
    byPhone: (phone: string, limit: number): MemberId[] => byPhone.all(phone, phone, phone, phone, limit),
    phonesAmong: (phones: readonly string[]): string[] => among.all(JSON.stringify(phones)),
    mergedFrom: (id: MemberId): MemberId[] => mergedFrom.all(id),
  };
}

export function cardRepo(raw: Connection) {
  const byId = raw.prepare<[string], CardRow>(`SELECT ${card.select} FROM cards WHERE card_id = ?`);
  const last = readBulkRows(raw).cards;
  const inBulk = raw.prepare<[string], CardRow>(
    `SELECT ${card.select} FROM cards WHERE card_number = ? AND rowid <= ${last}`,
  );
  const later = raw.prepare<[string], CardRow>(
    `SELECT ${card.select} FROM cards WHERE card_number = ? AND rowid > ${last}`,
  );
  const byMember = raw.prepare<[string], CardRow>(
    `SELECT ${card.select} FROM cards WHERE member_id = ? ORDER BY issued_at_ms, card_id`,
  );
  const holders = raw.prepare<[string], CardHolder>(
    `SELECT card_id AS cardId, member_id AS memberId, account_id AS accountId FROM cards
     WHERE card_id IN (SELECT value FROM json_each(?))`,
  );
  const accountById = raw.prepare<[string], AccountRow>(
    `SELECT ${account.select} FROM accounts WHERE account_id = ?`,
  );
  const accountsAfter = raw.prepare<[number, number], AccountRow>(
    `SELECT ${account.select} FROM accounts WHERE account_no > ? ORDER BY account_no LIMIT 0 + ?`,
  );
  const accountsByMember = raw.prepare<[string], AccountRow>(
    `SELECT ${account.select} FROM accounts WHERE account_id IN
       (SELECT account_id FROM cards WHERE member_id = ?) ORDER BY account_id`,
  );
  return {
    card: (id: CardId) => byId.get(id),
    cardByNumber: (cardNumber: string) => later.get(cardNumber) ?? inBulk.get(cardNumber),
    holders: (cardIds: readonly CardId[]) => holders.all(JSON.stringify(cardIds)),
    cardsOf: (memberId: MemberId) => byMember.all(memberId),
    account: (id: AccountId) => accountById.get(id),
    accountsAfter: (accountNo: number, limit: number) => accountsAfter.all(accountNo, limit),
    accountsOf: (memberId: MemberId) => accountsByMember.all(memberId),
  };
}

export function entryRepo(raw: Connection) {
  const byId = raw.prepare<[string], EntryRow>(`SELECT ${entry.select} FROM entries WHERE op_id = ?`);
  const corrections = raw.prepare<[string], EntryRow>(
    `SELECT ${entry.select} FROM entries WHERE corrects_op_id = ? LIMIT 1`,
  );
  // `0 +`: SQLite plans a statement anew each time another number is bound to a bare LIMIT.
  const byMember = raw.prepare<[string, number], EntryRow>(
    `SELECT ${entry.select} FROM entries WHERE member_id = ? ORDER BY wall_ms DESC, seq DESC LIMIT 0 + ?`,
  );
  const ofDay = raw.prepare<[string, number], EntryRow>(
    `SELECT ${entry.select} FROM entries WHERE business_day = ? AND amount_minor IS NOT NULL
     ORDER BY wall_ms LIMIT 0 + ?`,
  );
  const lastDay = raw
    .prepare<[string], string>(
      `SELECT business_day FROM entries WHERE business_day < ? AND amount_minor IS NOT NULL
       ORDER BY business_day DESC LIMIT 1`,
    )
    .pluck();
  return {
    purchasesOn: (day: string, limit: number) => ofDay.all(day, limit),
    lastPurchaseDay: (before: string) => lastDay.get(before),
    entry: (id: OpId) => byId.get(id),
    correctionOf: (id: OpId) => corrections.get(id),
    entriesOf: (memberId: MemberId, limit: number) => byMember.all(memberId, limit),
  };
}

const allRows = (raw: Connection) => ({
  allMembers: raw.prepare<[], StoredMember>(`SELECT ${member.select} FROM members`),
  allCards: raw.prepare<[], CardRow>(`SELECT ${card.select} FROM cards`),
  allAccounts: raw.prepare<[], AccountRow>(`SELECT ${account.select} FROM accounts`),
});

/** Reads every row, one at a time: for hashing a whole copy in flat memory. */
export function rowWalker(raw: Connection) {
  const { allMembers, allCards, allAccounts } = allRows(raw);
  return {
    eachRow: (visit: RowVisitor): void => {
      for (const stored of allMembers.iterate()) visit.member(toMember(stored));
      for (const row of allCards.iterate()) visit.card(row);
      for (const row of allAccounts.iterate()) visit.account(row);
    },
  };
}

/** Rows between two pauses, some 10 ms. */
const ROWS_PER_STEP = 1_000;

/**
 * Visits every row as of one moment. Holds a read transaction, so `raw` must be a connection of its own.
 *
 * @returns the cursor at that moment
 */
export async function walkInSlices(
  raw: Connection,
  visit: RowVisitor,
  pause: () => Promise<void>,
): Promise<number> {
  let seen = 0;
  const inSteps = async <Row>(rows: Iterable<Row>, each: (row: Row) => void): Promise<void> => {
    for (const row of rows) {
      each(row);
      seen += 1;
      if (seen % ROWS_PER_STEP === 0) await pause();
    }
  };
  raw.exec('BEGIN');
  const cursor = Number(raw.prepare('SELECT cursor FROM meta').pluck().get());
  const { allMembers, allCards, allAccounts } = allRows(raw);
  await inSteps(allMembers.iterate(), (stored) => visit.member(toMember(stored)));
  await inSteps(allCards.iterate(), (row) => visit.card(row));
  await inSteps(allAccounts.iterate(), (row) => visit.account(row));
  return cursor;
}
