import { firstDistinct } from '../../db/key-range.ts';
import type { CardHolder, PageEnd, ReplicaDb, ReplicaMeta } from '../../db/replica/types.ts';
import type { AccountId, CardId, MemberId, OpId } from '../../sync/base/ids.ts';
import { assert } from '../../sync/base/must.ts';
import type { Balance } from '../../sync/feed/balance-lane.ts';
import { searchKeys } from '../../sync/base/search-key.ts';
import type { AccountRow, CardRow, EntryRow } from '../../sync/model/card.ts';
import { roundSpent } from '../../sync/model/spent-level.ts';
import { isRemoved } from '../../sync/model/extras.ts';
import { readKept, type ChainDocument } from '../../sync/model/chain.ts';
import type { Rows } from '../../sync/model/feed.ts';
import { keptMember, type MemberRow } from '../../sync/model/member.ts';
import { programmeReader } from './memory-programmes.ts';
import { MemoryFile, MemoryTable, type DiskFaults } from './memory-file.ts';
import { isOfNobody, keysInRange } from './memory-keys.ts';

interface Tables {
  meta: MemoryTable<'meta', ReplicaMeta>;
  purged: MemoryTable<'purged', number>;
  mark: MemoryTable<'mark', string>;
  members: MemoryTable<MemberId, MemberRow>;
  /** Order of arrival, by which members with the same key follow each other. */
  arrivals: MemoryTable<MemberId, number>;
  cards: MemoryTable<CardId, CardRow>;
  cardNumbers: MemoryTable<string, CardId>;
  accounts: MemoryTable<AccountId, AccountRow>;
  accountNos: MemoryTable<number, AccountId>;
  entries: MemoryTable<OpId, EntryRow>;
  corrections: MemoryTable<OpId, OpId>;
  documents: MemoryTable<string, ChainDocument>;
  keys: MemoryTable<string, readonly MemberId[]>;
  /** Ids of the member's cards, accounts and entries. */
  ofMember: MemoryTable<string, readonly string[]>;
}

/** The copy in memory, with what a simulation needs beyond the port. */
export interface MemoryReplica extends ReplicaDb {
  readonly file: MemoryFile;
  copy(faults?: DiskFaults): MemoryReplica;
  /** Everybody whom the search index finds by something. */
  filed(): Set<MemberId>;
}

const EMPTY_META: ReplicaMeta = { epoch: '', cursor: 0, settled: 0 };

function openTables(file: MemoryFile, from?: Tables): Tables {
  const copy = <Key, Row>(table: MemoryTable<Key, Row> | undefined): MemoryTable<Key, Row> =>
    new MemoryTable(file, table?.entries());
  return {
    meta: copy(from?.meta),
    purged: copy(from?.purged),
    mark: copy(from?.mark),
    members: copy(from?.members),
    arrivals: copy(from?.arrivals),
    cards: copy(from?.cards),
    cardNumbers: copy(from?.cardNumbers),
    accounts: copy(from?.accounts),
    accountNos: copy(from?.accountNos),
    entries: copy(from?.entries),
    corrections: copy(from?.corrections),
    documents: copy(from?.documents),
    keys: copy(from?.keys),
    ofMember: copy(from?.ofMember),
  };
}

function addTo<Value>(table: MemoryTable<string, readonly Value[]>, key: string, value: Value): void {
  table.set(key, [...(table.get(key) ?? []), value]);
}

function takeFrom<Value>(table: MemoryTable<string, readonly Value[]>, key: string, value: Value): void {
  const left = (table.get(key) ?? []).filter((each) => each !== value);
  if (left.length === 0) table.delete(key);
  else table.set(key, left);
}

/** Puts the row in unless a later one is there. @returns What was there before; null when passed over. */
function put<Id, Row extends { seq: number }>(
  table: MemoryTable<Id, Row>,
  id: Id,
  row: Row,
): { before: Row | undefined } | null {
  const before = table.get(id);
  if (before !== undefined && row.seq < before.seq) return null;
  table.set(id, row);
  return { before };
}

const keysOf = (row: MemberRow): string[] => (isRemoved(row) ? [] : searchKeys(row));

function putMember(tables: Tables, given: MemberRow): void {
  const row = keptMember(given, tables.members.get(given.memberId));
  const done = put(tables.members, row.memberId, row);
  if (done === null) return;
  if (done.before === undefined) tables.arrivals.set(row.memberId, tables.arrivals.size);
  const before = new Set(done.before === undefined ? [] : keysOf(done.before));
  const after = new Set(keysOf(row));
  for (const key of before) if (!after.has(key)) takeFrom(tables.keys, key, row.memberId);
  for (const key of after) if (!before.has(key)) addTo(tables.keys, key, row.memberId);
}

/** Keeps the list of a member's rows in step with the row that says whose it is. */
function putOwned<Id extends string, Row extends { seq: number; memberId: MemberId }>(
  { ofMember }: Tables,
  table: MemoryTable<Id, Row>,
  [kind, id, row]: [kind: string, id: Id, row: Row],
): boolean {
  const done = put(table, id, row);
  if (done === null) return false;
  const before = done.before?.memberId;
  if (before === row.memberId) return true;
  if (before !== undefined) takeFrom<string>(ofMember, `${kind} ${before}`, id);
  addTo<string>(ofMember, `${kind} ${row.memberId}`, id);
  return true;
}

function putCard(tables: Tables, row: CardRow): void {
  const holder = tables.cardNumbers.get(row.cardNumber);
  assert(holder === undefined || holder === row.cardId, 'UNIQUE constraint failed: cards.card_number');
  if (putOwned(tables, tables.cards, ['card', row.cardId, row]))
    tables.cardNumbers.set(row.cardNumber, row.cardId);
}

function putAccount(tables: Tables, given: AccountRow): void {
  const row = { ...given, spentMinor: roundSpent(given.spentMinor, given.purchaseCount) };
  const isPut = putOwned(tables, tables.accounts, ['account', row.accountId, row]);
  if (isPut && row.accountNo !== null) tables.accountNos.set(row.accountNo, row.accountId);
}

function putBalance(tables: Tables, change: Balance, seq: number): void {
  const accountId = tables.accountNos.get(change.accountNo);
  const row = accountId === undefined ? undefined : tables.accounts.get(accountId);
  assert(row !== undefined, 'the rows of a segment come before its balances');
  const { accountNo: _no, ...figures } = change;
  if (seq >= row.seq) putAccount(tables, { ...row, ...figures, seq });
}

function putEntry(tables: Tables, row: EntryRow): void {
  putOwned(tables, tables.entries, ['entry', row.opId, row]);
  if (row.correctsOpId !== null) tables.corrections.set(row.correctsOpId, row.opId);
}

function putRows(tables: Tables, rows: Rows): void {
  for (const row of rows.members) putMember(tables, row);
  for (const row of rows.cards) putCard(tables, row);
  for (const row of rows.accounts) putAccount(tables, row);
  for (const row of rows.entries) putEntry(tables, row);
  for (const document of rows.documents) put(tables.documents, `${document.kind} ${document.id}`, document);
}

function writer(
  tables: Tables,
  file: MemoryFile,
): Pick<ReplicaDb, 'meta' | 'mark' | 'purged' | 'apply' | 'applyBalances' | 'clear' | 'writes'> {
  let writes = 0;
  const meta = (): ReplicaMeta => tables.meta.get('meta') ?? EMPTY_META;
  const page = ({ epoch, cursor, isSettled, purged, mark }: PageEnd, act: () => void): void => {
    writes += 1;
    file.transact(() => {
      const before = meta();
      assert(before.epoch === epoch || before.cursor === 0, 'rows of another epoch: clear first');
      const reached = Math.max(before.cursor, cursor);
      act();
      tables.meta.set('meta', { epoch, cursor: reached, settled: isSettled ? reached : before.settled });
      if (purged !== undefined) tables.purged.set('purged', purged);
      if (mark !== undefined) tables.mark.set('mark', mark);
    });
  };
  return {
    meta,
    mark: () => tables.mark.get('mark') ?? '',
    purged: () => tables.purged.get('purged') ?? 0,
    writes: () => writes,
    apply: (rows, at) => page(at, () => putRows(tables, rows)),
    applyBalances: (changes, at) =>
      page(at, () => changes.forEach((change) => putBalance(tables, change, at.seq))),
    clear: () => {
      writes += 1;
      file.transact(() => {
        for (const table of Object.values(tables)) (table as MemoryTable<unknown, unknown>).clear();
      });
    },
  };
}

type Reads = Pick<
  ReplicaDb,
  | 'member'
  | 'card'
  | 'cardByNumber'
  | 'holders'
  | 'account'
  | 'entry'
  | 'correctionOf'
  | 'cardsOf'
  | 'accountsOf'
  | 'entriesOf'
  | 'byPhone'
  | 'mergedFrom'
  | 'search'
  | 'filedAmong'
  | 'phonesAmong'
>;

const pick = ({ cardId, memberId, accountId }: CardRow): CardHolder => ({ cardId, memberId, accountId });

function reader(tables: Tables): Reads {
  const owned = <Id extends string, Row>(
    kind: string,
    memberId: MemberId,
    table: MemoryTable<Id, Row>,
  ): Row[] =>
    (tables.ofMember.get(`${kind} ${memberId}`) ?? [])
      .map((id) => table.get(id as Id))
      .filter((row) => row !== undefined);
  const card = (id: CardId | undefined): CardRow | undefined =>
    id === undefined ? undefined : tables.cards.get(id);
  const arrival = (id: MemberId): number => tables.arrivals.get(id) ?? 0;
  return {
    member: (id) => tables.members.get(id),
    mergedFrom: (id) =>
      [...tables.members.values()].filter((row) => row.mergedIntoId === id).map((row) => row.memberId),
    card,
    cardByNumber: (cardNumber) => card(tables.cardNumbers.get(cardNumber)),
    holders: (cardIds) =>
      [...new Set(cardIds)].flatMap((id) => {
        const found = card(id);
        return found === undefined ? [] : [pick(found)];
      }),
    account: (id) => tables.accounts.get(id),
    entry: (id) => tables.entries.get(id),
    correctionOf: (id) => {
      const found = tables.corrections.get(id);
      return found === undefined ? undefined : tables.entries.get(found);
    },
    cardsOf: (memberId) =>
      owned('card', memberId, tables.cards).sort(
        (a, b) => a.issuedAtMs - b.issuedAtMs || (a.cardId < b.cardId ? -1 : 1),
      ),
    accountsOf: (memberId) =>
      owned('account', memberId, tables.accounts).sort((a, b) => (a.accountId < b.accountId ? -1 : 1)),
    entriesOf: (memberId, limit) =>
      owned('entry', memberId, tables.entries)
        .sort((a, b) => b.wallMs - a.wallMs || b.seq - a.seq)
        .slice(0, limit),
    byPhone: (phone, limit) =>
      [...tables.members.values()]
        .filter((member) => member.mobile === phone || member.phone === phone)
        .map(({ memberId }) => memberId)
        .sort((left, right) => arrival(left) - arrival(right))
        .slice(0, limit),
    filedAmong: (keys) =>
      keys.filter((key) =>
        keysInRange(tables.keys, { key, isPrefix: false }).some((ids) => [...ids].length > 0),
      ),
    phonesAmong: (phones) => {
      const members = [...tables.members.values()];
      return phones.filter((phone) =>
        members.some(({ mobile, phone: other }) => [mobile, other].includes(phone)),
      );
    },
    search: (seek, limit) =>
      firstDistinct(
        keysInRange(tables.keys, seek).flatMap((ids) =>
          [...ids].sort((left, right) => arrival(left) - arrival(right)),
        ),
        limit,
      ),
  };
}

/** The copy of the centre's rows in memory: a second implementation of the port, held to the same suite. */
export function createMemoryReplica(faults?: DiskFaults): MemoryReplica {
  return overTables(new MemoryFile('replica', faults));
}

function overTables(file: MemoryFile, from?: Tables): MemoryReplica {
  const tables = openTables(file, from);
  return {
    isNewer: false,
    turns: new SharedArrayBuffer(4),
    claimTurns: () => () => undefined,
    logPages: () => 0,
    file,
    copy: (faults) => overTables(new MemoryFile('replica', faults), tables),
    filed: () =>
      new Set([...tables.keys.entries()].flatMap(([key, ids]) => (isOfNobody(key) ? [] : [...ids]))),
    ...writer(tables, file),
    ...reader(tables),
    ...programmeReader(tables),
    documents: () =>
      [...tables.documents.values()]
        .map(readKept)
        .sort((a, b) => (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1)),
    counts: () => ({
      members: tables.members.size,
      cards: tables.cards.size,
      accounts: tables.accounts.size,
      entries: tables.entries.size,
    }),
    eachRow: (visit) => {
      for (const row of tables.members.values()) visit.member(row);
      for (const row of tables.cards.values()) visit.card(row);
      for (const row of tables.accounts.values()) visit.account(row);
    },
    eachRowInSlices: (visit) => {
      for (const row of tables.members.values()) visit.member(row);
      for (const row of tables.cards.values()) visit.card(row);
      for (const row of tables.accounts.values()) visit.account(row);
      return Promise.resolve(tables.meta.get('meta')?.cursor ?? 0);
    },
    isPreparing: () => false,
    isTendingDue: () => false,
    digests: () => null,
    recountDigests: () => undefined,
    walkPages: () => null,
    facts: () => ({ pragmas: {}, sizeBytes: 0, userVersion: 0 }),
    check: () => [],
    checkAside: () => Promise.resolve([]),
    close: () => undefined,
  };
}
