import type { AccountId, CardId, MemberId, OpId } from '../../../sync/base/ids.ts';
import type { KeySeek } from '../../../sync/base/search-key.ts';
import type { AccountRow, CardRow, EntryRow } from '../../../sync/model/card.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import { must } from '../../../sync/base/must.ts';
import { columnsOf } from '../../columns.ts';
import { boundsOf, firstDistinct } from '../../key-range.ts';
import type { Connection } from '../../open.ts';
import { accounts } from '../schema/accounts.ts';
import { cards } from '../schema/cards.ts';
import { entries } from '../schema/entries.ts';
import { members } from '../schema/members.ts';
import type { RowVisitor } from '../types.ts';

const member = columnsOf(members, ['rid']);
const card = columnsOf(cards);
const account = columnsOf(accounts);
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
  const keyRange = raw
    .prepare<[string, string], number>(
      'SELECT rid FROM search_keys WHERE key >= ? AND key < ? ORDER BY key, rid',
    )
    .pluck();
  const idByRid = raw.prepare<[number], MemberId>('SELECT member_id FROM members WHERE rid = ?').pluck();
  return {
    member: (id: MemberId): MemberRow | undefined => {
      const stored = byId.get(id);
      return stored === undefined ? undefined : toMember(stored);
    },
    search: (seek: KeySeek, limit: number): MemberId[] =>
      firstDistinct(keyRange.iterate(...boundsOf(seek)), limit).map((rid) =>
        must(idByRid.get(rid), 'a key names a member'),
      ),
  };
}

export function cardRepo(raw: Connection) {
  const byId = raw.prepare<[string], CardRow>(`SELECT ${card.select} FROM cards WHERE card_id = ?`);
  const byNumber = raw.prepare<[string], CardRow>(`SELECT ${card.select} FROM cards WHERE card_number = ?`);
  const byMember = raw.prepare<[string], CardRow>(
    `SELECT ${card.select} FROM cards WHERE member_id = ? ORDER BY issued_at_ms, card_id`,
  );
  const accountById = raw.prepare<[string], AccountRow>(
    `SELECT ${account.select} FROM accounts WHERE account_id = ?`,
  );
  const accountsByMember = raw.prepare<[string], AccountRow>(
    `SELECT ${account.select} FROM accounts WHERE member_id = ? ORDER BY account_id`,
  );
  return {
    card: (id: CardId) => byId.get(id),
    cardByNumber: (cardNumber: string) => byNumber.get(cardNumber),
    cardsOf: (memberId: MemberId) => byMember.all(memberId),
    account: (id: AccountId) => accountById.get(id),
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
  return {
    entry: (id: OpId) => byId.get(id),
    correctionOf: (id: OpId) => corrections.get(id),
    entriesOf: (memberId: MemberId, limit: number) => byMember.all(memberId, limit),
  };
}

/** Reads every row, one at a time: for hashing a whole copy in flat memory. */
export function rowWalker(raw: Connection) {
  const allMembers = raw.prepare<[], StoredMember>(`SELECT ${member.select} FROM members`);
  const allCards = raw.prepare<[], CardRow>(`SELECT ${card.select} FROM cards`);
  const allAccounts = raw.prepare<[], AccountRow>(`SELECT ${account.select} FROM accounts`);
  return {
    eachRow: (visit: RowVisitor): void => {
      for (const stored of allMembers.iterate()) visit.member(toMember(stored));
      for (const row of allCards.iterate()) visit.card(row);
      for (const row of allAccounts.iterate()) visit.account(row);
    },
  };
}
