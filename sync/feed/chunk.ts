import type { AccountRow, CardRow } from '../model/card.ts';
import type { MemberRow } from '../model/member.ts';
import { roundSpent } from '../model/spent-level.ts';
import { ACCOUNT_PROPS, CARD_PROPS, MEMBER_PROPS } from './columns.ts';
import { accountKinHash, cardHash, memberHash } from './digest.ts';

/**
 * The form of a snapshot's chunk: the image of a small plain SQLite database that lives in memory only, at the
 * centre and on the till. Tables as in `chunk-schema.ts`, no indexes, rows in the order in which they were
 * read; a chunk's cards and accounts are those of its members. The column `row_hash` is `memberHash`, `cardHash` and
 * `accountKinHash`.
 */
export interface ChunkTable {
  table: 'members' | 'cards' | 'accounts';
  columns: readonly { name: string; type: 'INTEGER' | 'TEXT' }[];
  /** In column order, booleans as 0 and 1. @param seq up to which number the row is exact */
  valuesOf(row: object, seq: number): (string | number | null)[];
}

const INTEGERS: ReadonlySet<string> = new Set([
  'seq',
  'isCreditAllowed',
  'createdAtMs',
  'stateEpoch',
  'hasMarketingConsent',
  'issuedAtMs',
  'accountNo',
  'balance',
  'entryCount',
  'lastEntryAtMs',
  'purchaseCount',
  'spentMinor',
]);

const toSnake = (prop: string): string => prop.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`);

/** Behind `row_hash`, where a till's file has them too: a column that a migration adds comes last. */
const ADDED_LATER: ReadonlySet<string> = new Set(['extras', 'purchaseCount', 'spentMinor']);

/** Copies know money by its level only; records of a chunk are copied unread. */
const rounded = (row: object): object =>
  'spentMinor' in row && 'purchaseCount' in row
    ? { ...row, spentMinor: roundSpent(Number(row.spentMinor), Number(row.purchaseCount)) }
    : row;

function chunkTable<Row extends object>(
  table: ChunkTable['table'],
  props: readonly string[],
  hash: (row: Row) => number,
): ChunkTable {
  const column = (prop: string) => ({
    name: toSnake(prop),
    type: INTEGERS.has(prop) ? ('INTEGER' as const) : ('TEXT' as const),
  });
  const first = props.filter((prop) => !ADDED_LATER.has(prop));
  const later = props.filter((prop) => ADDED_LATER.has(prop));
  return {
    table,
    columns: [...first.map(column), { name: 'row_hash', type: 'INTEGER' }, ...later.map(column)],
    valuesOf: (given, seq) => {
      const row = rounded(given);
      const source = row as Record<string, string | number | boolean | null>;
      const valueOf = (prop: string): string | number | null => {
        const value = prop === 'seq' ? seq : (source[prop] ?? null);
        return typeof value === 'boolean' ? Number(value) : value;
      };
      // Cast: each table is given its own rows.
      return [...first.map(valueOf), hash(row as Row), ...later.map(valueOf)];
    },
  };
}

export const CHUNK_TABLES: readonly ChunkTable[] = [
  chunkTable<MemberRow>('members', MEMBER_PROPS, memberHash),
  chunkTable<CardRow>('cards', CARD_PROPS, cardHash),
  chunkTable<AccountRow>('accounts', ACCOUNT_PROPS, accountKinHash),
];
