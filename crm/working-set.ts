import type { AccountId, CardId, MemberId, OpId } from '../sync/base/ids.ts';
import { must, unreachable } from '../sync/base/must.ts';
import type { AccountRow, CardRow, EntryRow } from '../sync/model/card.ts';
import type { ChainDocument } from '../sync/model/chain.ts';
import type { ConsentRow } from '../sync/model/consent.ts';
import { isRemoved } from '../sync/model/extras.ts';
import type { FieldClocks, MemberRow } from '../sync/model/member.ts';
import { rootOf } from '../sync/merge/merged.ts';
import { isBooking } from '../sync/merge/entries.ts';
import { documentKey, entriesOf, targetsOf, type RowChange, type RowReader } from '../sync/merge/rows.ts';
import type { OpBody } from '../sync/model/op.ts';
import { lookupKeyOf, type CardUse, type ChangedRows, type LoadedRows, type RowKeys } from './repos/rows.ts';

/** Keys of all rows that a group of bodies names; null is one that nobody can read. */
export function keysOf(bodies: readonly (OpBody | null)[]): RowKeys {
  const keys = {
    members: new Set<string>(),
    cards: new Set<string>(),
    cardNumbers: new Set<string>(),
    accounts: new Set<string>(),
    entries: new Set<string>(),
    mobiles: new Set<string>(),
    lookups: new Set<string>(),
    sets: new Set<string>(),
    documents: new Set<string>(),
    barredAmong: new Set<string>(),
    oddAmong: new Map<string, CardUse>(),
  };
  for (const body of bodies) {
    if (body === null) continue;
    if (isBooking(body)) {
      keys.barredAmong.add(body.memberId);
      keys.oddAmong.set(`${body.cardId} ${body.accountId}`, body);
      keys.accounts.add(body.accountId);
      entriesOf(body).forEach((id) => keys.entries.add(id));
      continue;
    }
    const targets = targetsOf(body);
    targets.members.forEach((id) => keys.members.add(id));
    targets.cards.forEach((id) => keys.cards.add(id));
    targets.cardNumbers.forEach((number) => keys.cardNumbers.add(number));
    targets.accounts.forEach((id) => keys.accounts.add(id));
    targets.entries.forEach((id) => keys.entries.add(id));
    targets.sets.forEach((id) => keys.sets.add(id));
    targets.documents.forEach((key) => keys.documents.add(key));
    if (!('fields' in body)) continue;
    const { mobile, lookupId } = body.fields;
    const lookup = lookupId === undefined ? null : lookupKeyOf(lookupId);
    if (mobile != null) keys.mobiles.add(mobile);
    if (lookup !== null) keys.lookups.add(lookup);
  }
  return {
    members: [...keys.members],
    cards: [...keys.cards],
    cardNumbers: [...keys.cardNumbers],
    accounts: [...keys.accounts],
    entries: [...keys.entries],
    mobiles: [...keys.mobiles],
    lookups: [...keys.lookups],
    sets: [...keys.sets],
    documents: [...keys.documents],
    barredAmong: [...keys.barredAmong],
    oddAmong: [...keys.oddAmong.values()],
  };
}

/**
 * The rows of one unit in memory: the rules read them here, and each op sees what the one before it left.
 */
export interface WorkingSet extends RowReader {
  /** More rows as they are kept; those that are known already stay as they are. */
  add(loaded: LoadedRows): void;
  /** Accounts and entries as another unit leaves them: they win over what is added later. */
  addChanged(changed: Pick<ChangedRows, 'accounts' | 'entries'>): void;
  /** Documents as they are kept, as `add`. */
  addDocuments(documents: readonly ChainDocument[]): void;
  apply(change: RowChange): void;
  /** Living members other than `id` with this mobile number, or this look-up ID. */
  mobileHolders(mobile: string, id: MemberId): MemberId[];
  lookupHolders(lookupId: string, id: MemberId): MemberId[];
  /** Ids of rows that came into being since the last call, and keys of card types that were saved. */
  takeCreated(): string[];
  /** Members that were anonymised in this unit. */
  erased(): MemberId[];
  changed(): ChangedRows;
}

/** Who holds which value of a field that names one living member, following changes. */
function createHolders(valueOf: (row: MemberRow) => string | null) {
  const holders = new Map<string, Set<MemberId>>();
  const add = (value: string, id: MemberId): void => {
    holders.set(value, (holders.get(value) ?? new Set()).add(id));
  };
  return {
    add,
    move: (before: MemberRow | undefined, after: MemberRow): void => {
      const old = before === undefined ? null : valueOf(before);
      if (old !== null) holders.get(old)?.delete(after.memberId);
      const value = valueOf(after);
      const isLiving = after.state !== 'anonymised' && after.mergedIntoId === null && !isRemoved(after);
      if (value !== null && isLiving) add(value, after.memberId);
    },
    others: (value: string, id: MemberId): MemberId[] =>
      [...(holders.get(value) ?? [])].filter((other) => other !== id),
  };
}

/** Everybody who is one person with `id`, over the pointers of the rows at hand. */
function setOf(members: ReadonlyMap<MemberId, MemberRow>, id: MemberId): MemberId[] {
  const root = rootOf((each) => members.get(each), id);
  return [...members.keys()].filter((each) => rootOf((one) => members.get(one), each) === root);
}

interface Counters {
  /** The next dense number for an account that has none. */
  accountNo: () => number;
  /** A card number that nobody has; null when there are no more at hand. */
  cardNumber: () => string | null;
}

/** Tables by id, with those that this unit wrote to. */
function createTables() {
  return {
    members: new Map<MemberId, MemberRow>(),
    clocks: new Map<MemberId, FieldClocks>(),
    cards: new Map<CardId, CardRow>(),
    cardsByNumber: new Map<string, CardId>(),
    accounts: new Map<AccountId, AccountRow>(),
    entries: new Map<OpId, EntryRow>(),
    corrections: new Map<OpId, EntryRow>(),
    documents: new Map<string, ChainDocument>(),
    mobiles: createHolders((row) => row.mobile),
    lookups: createHolders((row) => lookupKeyOf(row.lookupId)),
    dirty: {
      members: new Set<MemberId>(),
      cards: new Set<CardId>(),
      accounts: new Set<AccountId>(),
      newAccounts: new Set<AccountId>(),
      documents: new Set<string>(),
    },
    newEntries: [] as EntryRow[],
    newConsents: [] as ConsentRow[],
    created: [] as string[],
    erased: [] as MemberId[],
  };
}
type Tables = ReturnType<typeof createTables>;

function putEntry({ entries, corrections }: Tables, row: EntryRow): void {
  entries.set(row.opId, row);
  if (row.correctsOpId !== null) corrections.set(row.correctsOpId, row);
}

function putMember(tables: Tables, row: MemberRow, clocks: FieldClocks | null): void {
  const before = tables.members.get(row.memberId);
  tables.mobiles.move(before, row);
  tables.lookups.move(before, row);
  if (before === undefined) tables.created.push(row.memberId);
  if (row.state === 'anonymised' && before?.state !== 'anonymised') tables.erased.push(row.memberId);
  tables.members.set(row.memberId, row);
  tables.clocks.set(row.memberId, clocks ?? {});
  tables.dirty.members.add(row.memberId);
}

function put(tables: Tables, change: RowChange, counters: Counters): void {
  switch (change.table) {
    case 'member':
      return putMember(tables, change.row, change.clocks);
    case 'card': {
      const { cardId, cardNumber } = change.row;
      if (!tables.cards.has(cardId)) tables.created.push(cardId);
      tables.cards.set(cardId, change.row);
      tables.cardsByNumber.set(cardNumber, cardId);
      tables.dirty.cards.add(cardId);
      return;
    }
    case 'account': {
      const { accountId } = change.row;
      if (!tables.accounts.has(accountId)) {
        tables.created.push(accountId);
        tables.dirty.newAccounts.add(accountId);
      }
      const accountNo = change.row.accountNo ?? counters.accountNo();
      tables.accounts.set(accountId, { ...change.row, accountNo });
      tables.dirty.accounts.add(accountId);
      return;
    }
    case 'entry':
      putEntry(tables, change.row);
      tables.created.push(change.row.opId);
      tables.newEntries.push(change.row);
      return;
    case 'document':
      tables.documents.set(documentKey(change.row.kind, change.row.id), change.row);
      tables.dirty.documents.add(documentKey(change.row.kind, change.row.id));
      // Ops made by this very version may be waiting for it.
      if (change.row.kind === 'card-type') tables.created.push(documentKey('card-type', change.row.id));
      return;
    case 'consent':
      tables.newConsents.push(change.row);
      return;
    default:
      unreachable(change);
  }
}

function addDocuments({ documents }: Tables, loaded: readonly ChainDocument[]): void {
  for (const row of loaded) {
    const key = documentKey(row.kind, row.id);
    if (!documents.has(key)) documents.set(key, row);
  }
}

function addLoaded(tables: Tables, loaded: LoadedRows): void {
  for (const { row, clocks } of loaded.members) {
    if (tables.members.has(row.memberId)) continue;
    tables.members.set(row.memberId, row);
    tables.clocks.set(row.memberId, clocks);
  }
  for (const row of loaded.cards) {
    if (tables.cards.has(row.cardId)) continue;
    tables.cards.set(row.cardId, row);
    tables.cardsByNumber.set(row.cardNumber, row.cardId);
  }
  for (const row of loaded.accounts) {
    if (!tables.accounts.has(row.accountId)) tables.accounts.set(row.accountId, row);
  }
  addDocuments(tables, loaded.documents);
  for (const row of loaded.entries) if (!tables.entries.has(row.opId)) putEntry(tables, row);
  // A member that this unit has written to may hold another value by now.
  const isFresh = (id: MemberId): boolean => !tables.dirty.members.has(id);
  for (const { mobile, memberId } of loaded.mobiles) {
    if (isFresh(memberId)) tables.mobiles.add(mobile, memberId);
  }
  for (const { lookupKey, memberId } of loaded.lookups) {
    if (isFresh(memberId)) tables.lookups.add(lookupKey, memberId);
  }
}

function changedRows(tables: Tables): ChangedRows {
  const { dirty, members, clocks, cards, accounts } = tables;
  return {
    members: [...dirty.members].map((id) => ({
      row: must(members.get(id), 'changed rows are kept'),
      clocks: clocks.get(id) ?? {},
    })),
    cards: [...dirty.cards].map((id) => must(cards.get(id), 'changed rows are kept')),
    accounts: [...dirty.accounts].map((id) => must(accounts.get(id), 'changed rows are kept')),
    newAccounts: dirty.newAccounts,
    entries: tables.newEntries,
    consents: tables.newConsents,
    documents: [...dirty.documents].map((key) => must(tables.documents.get(key), 'changed rows are kept')),
  };
}

export function createWorkingSet(counters: Counters): WorkingSet {
  const tables = createTables();
  const { members, cards, cardsByNumber, accounts, entries, corrections, clocks } = tables;
  const byNumber = (cardNumber: string): CardRow | undefined => {
    const id = cardsByNumber.get(cardNumber);
    return id === undefined ? undefined : cards.get(id);
  };
  const holdersOf = (lookupId: string, id: MemberId): MemberId[] => {
    const key = lookupKeyOf(lookupId);
    return key === null ? [] : tables.lookups.others(key, id);
  };
  return {
    member: (id) => members.get(id),
    card: (id) => cards.get(id),
    cardByNumber: byNumber,
    account: (id) => accounts.get(id),
    entry: (id) => entries.get(id),
    correctionOf: (id) => corrections.get(id),
    fieldClocks: (id) => clocks.get(id) ?? null,
    mergedSet: (id) => setOf(members, id),
    spareCardNumber: counters.cardNumber,
    document: (kind, id) => tables.documents.get(documentKey(kind, id)),
    documentsOf: (kind) => [...tables.documents.values()].filter((each) => each.kind === kind),
    add: (loaded) => addLoaded(tables, loaded),
    addDocuments: (documents) => addDocuments(tables, documents),
    addChanged: (changed) => {
      for (const row of changed.accounts) accounts.set(row.accountId, row);
      for (const row of changed.entries) putEntry(tables, row);
    },
    apply: (change) => put(tables, change, counters),
    mobileHolders: tables.mobiles.others,
    lookupHolders: holdersOf,
    takeCreated: () => tables.created.splice(0),
    erased: () => [...tables.erased],
    changed: () => changedRows(tables),
  };
}
