import {
  lookupKeyOf,
  standingOf,
  type LoadedRows,
  type MemberRecord,
  type RowKeys,
} from '../../crm/repos/rows.ts';
import type { RowPort } from '../../crm/store.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { assert } from '../../sync/base/must.ts';
import { documentKey } from '../../sync/merge/rows.ts';
import type { CardRow, EntryRow } from '../../sync/model/card.ts';
import { readKept, type ChainDocument } from '../../sync/model/chain.ts';
import type { UnitTables } from './memory-centre.ts';

/** Everybody who is one person with one of `ids`, along merges in both directions. */
function kinOf(tables: UnitTables, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const kin = new Set(ids);
  const all = [...tables.members.values()];
  for (let size = -1; size !== kin.size;) {
    size = kin.size;
    for (const { row } of all) {
      if (row.mergedIntoId === null) continue;
      if (kin.has(row.memberId)) kin.add(row.mergedIntoId);
      if (kin.has(row.mergedIntoId)) kin.add(row.memberId);
    }
  }
  return [...kin];
}

/** Rows that are never changed in place, as a reader has them. */
const read = new WeakMap<ChainDocument, ChainDocument>();
function asRead(row: ChainDocument): ChainDocument {
  const known = read.get(row) ?? readKept(row);
  read.set(row, known);
  return known;
}

const copyOf = ({ row, clocks }: MemberRecord): MemberRecord => ({
  row: { ...row },
  clocks: structuredClone(clocks),
});

function loadRows(tables: UnitTables, keys: RowKeys): LoadedRows {
  const byNumber = tables.cardNumbers.found(keys.cardNumbers);
  const corrections = tables.corrections.found(keys.entries);
  const [mobiles, lookups] = [new Set(keys.mobiles), new Set(keys.lookups)];
  const documents = new Set(keys.documents);
  const barred = tables.members.found(keys.barredAmong).filter(({ row }) => standingOf(row) !== 'active');
  const odd = keys.oddAmong.flatMap(({ cardId, accountId }) =>
    tables.cards.found([cardId]).filter((row) => row.accountId !== accountId || row.status !== 'active'),
  );
  const living =
    mobiles.size + lookups.size === 0
      ? []
      : [...tables.members.values()]
          .map(({ row }) => row)
          .filter((row) => !['anonymised', 'removed'].includes(standingOf(row)) && row.mergedIntoId === null);
  return {
    members: [...tables.members.found([...keys.members, ...kinOf(tables, keys.sets)]), ...barred].map(copyOf),
    cards: [...tables.cards.found([...keys.cards, ...byNumber]), ...odd].map((row) => ({ ...row })),
    accounts: tables.accounts.found(keys.accounts).map((row) => ({ ...row })),
    entries: tables.entries.found([...keys.entries, ...corrections]).map((row) => ({ ...row })),
    documents: [...tables.documents.values()]
      .filter(({ kind, id }) =>
        [documentKey(kind, id), documentKey(kind, '')].some((key) => documents.has(key)),
      )
      .map((row) => readKept(structuredClone(row))),
    mobiles: living.flatMap(({ memberId, mobile }) =>
      mobile !== null && mobiles.has(mobile) ? [{ memberId, mobile }] : [],
    ),
    lookups: living.flatMap(({ memberId, lookupId }) => {
      const lookupKey = lookupKeyOf(lookupId);
      return lookupKey !== null && lookups.has(lookupKey) ? [{ memberId, lookupKey }] : [];
    }),
  };
}

function saveCard(tables: UnitTables, row: CardRow): void {
  const holder = tables.cardNumbers.get(row.cardNumber);
  if (holder !== undefined && holder !== row.cardId) throw new Error(`duplicate key: ${row.cardNumber}`);
  tables.cardNumbers.set(row.cardNumber, row.cardId);
  tables.cards.set(row.cardId, { ...row });
}

function saveEntry(tables: UnitTables, row: EntryRow): void {
  tables.entries.add(row.opId, { ...row });
  if (row.correctsOpId !== null) tables.corrections.add(row.correctsOpId, row.opId);
}

export function rowPort(tables: UnitTables, step: <T>(work: () => T) => Promise<T>): RowPort {
  return {
    loadRows: (keys) => step(() => loadRows(tables, keys)),
    lastBookedAt: (memberId) =>
      step(() => {
        const kin = new Set(kinOf(tables, [memberId]));
        const rows = [...tables.accounts.values()].filter((row) => kin.has(row.memberId));
        return Math.max(0, ...rows.map(({ lastEntryAtMs }) => lastEntryAtMs));
      }),
    readPerson: (memberId) =>
      step(() => {
        const kin = new Set(kinOf(tables, [memberId]));
        const isHers = (row: { memberId: MemberId }): boolean => kin.has(row.memberId);
        const members = [...tables.members.values()].map(({ row }) => row).filter(isHers);
        const cards = [...tables.cards.values()].filter(isHers);
        const accounts = [...tables.accounts.values()].filter(isHers);
        return structuredClone({ members, cards, accounts });
      }),
    listCardTypes: () =>
      step(() => [...tables.documents.values()].filter(({ kind }) => kind === 'card-type').map(asRead)),
    saveRows: (changed) =>
      step(() => {
        for (const record of changed.members) tables.members.set(record.row.memberId, copyOf(record));
        for (const { accountId } of changed.accounts) {
          const isThere = changed.newAccounts.has(accountId) || tables.accounts.get(accountId) !== undefined;
          assert(isThere, 'an account that is moved is not there');
        }
        for (const row of changed.accounts) tables.accounts.set(row.accountId, { ...row });
        for (const row of changed.cards) saveCard(tables, row);
        for (const row of changed.entries) saveEntry(tables, row);
        for (const row of changed.documents)
          tables.documents.set(documentKey(row.kind, row.id), structuredClone(row));
        for (const row of changed.consents) tables.consents.add(row.opId, { ...row });
      }),
  };
}
