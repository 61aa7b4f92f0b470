import type { AccountId, CardId, MemberId, OpId } from '../sync/base/ids.ts';
import { must } from '../sync/base/must.ts';
import type { AccountRow, CardRow, EntryRow } from '../sync/model/card.ts';
import type { FieldClocks, MemberRow } from '../sync/model/member.ts';
import { targetsOf, type RowChange, type RowReader } from '../sync/merge/rows.ts';
import type { PreparedOp } from './prepared-push.ts';
import type { ChangedRows, LoadedRows, RowKeys } from './repos/rows.ts';

/** Keys of all rows that a group of ops names. */
export function keysOf(ops: readonly PreparedOp[]): RowKeys {
  const keys = {
    members: new Set<string>(),
    cards: new Set<string>(),
    cardNumbers: new Set<string>(),
    accounts: new Set<string>(),
    entries: new Set<string>(),
    mobiles: new Set<string>(),
  };
  for (const { body } of ops) {
    if (body === null) continue;
    const targets = targetsOf(body);
    targets.members.forEach((id) => keys.members.add(id));
    targets.cards.forEach((id) => keys.cards.add(id));
    targets.cardNumbers.forEach((number) => keys.cardNumbers.add(number));
    targets.accounts.forEach((id) => keys.accounts.add(id));
    targets.entries.forEach((id) => keys.entries.add(id));
    const mobile = 'fields' in body ? body.fields.mobile : null;
    if (mobile != null) keys.mobiles.add(mobile);
  }
  return {
    members: [...keys.members],
    cards: [...keys.cards],
    cardNumbers: [...keys.cardNumbers],
    accounts: [...keys.accounts],
    entries: [...keys.entries],
    mobiles: [...keys.mobiles],
  };
}

/**
 * The rows of one group in memory: the rules read them here, and each op sees what the one before it left.
 */
export interface WorkingSet extends RowReader {
  apply(change: RowChange): void;
  /** True when a living member other than `id` has this mobile number. */
  isMobileShared(mobile: string, id: MemberId): boolean;
  changed(): ChangedRows;
}

/** Who has which mobile number, following changes. */
function createMobileIndex(held: LoadedRows['mobiles']) {
  const holders = new Map<string, Set<MemberId>>();
  const add = (mobile: string, id: MemberId): void => {
    holders.set(mobile, (holders.get(mobile) ?? new Set()).add(id));
  };
  for (const { mobile, memberId } of held) add(mobile, memberId);
  return {
    move: (before: MemberRow | undefined, after: MemberRow): void => {
      if (before?.mobile != null) holders.get(before.mobile)?.delete(before.memberId);
      if (after.mobile !== null && after.state !== 'anonymised') add(after.mobile, after.memberId);
    },
    isShared: (mobile: string, id: MemberId): boolean => {
      const others = holders.get(mobile);
      return others !== undefined && others.size > (others.has(id) ? 1 : 0);
    },
  };
}

/** @param giveAccountNo The next dense number for an account that has none. */
export function createWorkingSet(loaded: LoadedRows, giveAccountNo: () => number): WorkingSet {
  const members = new Map<MemberId, MemberRow>(loaded.members.map(({ row }) => [row.memberId, row]));
  const clocks = new Map<MemberId, FieldClocks>(
    loaded.members.map((record) => [record.row.memberId, record.clocks]),
  );
  const cards = new Map<CardId, CardRow>(loaded.cards.map((row) => [row.cardId, row]));
  const cardsByNumber = new Map<string, CardId>(loaded.cards.map((row) => [row.cardNumber, row.cardId]));
  const accounts = new Map<AccountId, AccountRow>(loaded.accounts.map((row) => [row.accountId, row]));
  const entries = new Map<OpId, EntryRow>(loaded.entries.map((row) => [row.opId, row]));
  const corrections = new Map<OpId, EntryRow>();
  const index = (entry: EntryRow): void => {
    if (entry.correctsOpId !== null) corrections.set(entry.correctsOpId, entry);
  };
  loaded.entries.forEach(index);
  const mobiles = createMobileIndex(loaded.mobiles);
  const dirty = { members: new Set<MemberId>(), cards: new Set<CardId>(), accounts: new Set<AccountId>() };
  const newEntries: EntryRow[] = [];

  const apply = (change: RowChange): void => {
    switch (change.table) {
      case 'member':
        mobiles.move(members.get(change.row.memberId), change.row);
        members.set(change.row.memberId, change.row);
        clocks.set(change.row.memberId, change.clocks ?? {});
        dirty.members.add(change.row.memberId);
        return;
      case 'card':
        cards.set(change.row.cardId, change.row);
        cardsByNumber.set(change.row.cardNumber, change.row.cardId);
        dirty.cards.add(change.row.cardId);
        return;
      case 'account':
        accounts.set(change.row.accountId, {
          ...change.row,
          accountNo: change.row.accountNo ?? giveAccountNo(),
        });
        dirty.accounts.add(change.row.accountId);
        return;
      case 'entry':
        entries.set(change.row.opId, change.row);
        index(change.row);
        newEntries.push(change.row);
    }
  };
  const byNumber = (cardNumber: string): CardRow | undefined => {
    const id = cardsByNumber.get(cardNumber);
    return id === undefined ? undefined : cards.get(id);
  };
  return {
    member: (id) => members.get(id),
    card: (id) => cards.get(id),
    cardByNumber: byNumber,
    account: (id) => accounts.get(id),
    entry: (id) => entries.get(id),
    correctionOf: (id) => corrections.get(id),
    fieldClocks: (id) => clocks.get(id) ?? null,
    apply,
    isMobileShared: mobiles.isShared,
    changed: () => ({
      members: [...dirty.members].map((id) => ({
        row: must(members.get(id), 'changed rows are kept'),
        clocks: clocks.get(id) ?? {},
      })),
      cards: [...dirty.cards].map((id) => must(cards.get(id), 'changed rows are kept')),
      accounts: [...dirty.accounts].map((id) => must(accounts.get(id), 'changed rows are kept')),
      entries: newEntries,
    }),
  };
}
