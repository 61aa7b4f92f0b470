import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getTableColumns, getTableName } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import { describe, expect, test } from 'vitest';
import type { DbFile } from '../../../db/errors.ts';
import { migrate } from '../../../db/migrate.ts';
import { openFile } from '../../../db/open.ts';
import { importsMigrations } from '../../../db/imports/open.ts';
import { importPieces, importRows, importRuns, importTexts } from '../../../db/imports/schema/imports.ts';
import { replicaMigrations } from '../../../db/replica/open.ts';
import { accounts } from '../../../db/replica/schema/accounts.ts';
import { bulkFill, bulkIndexes, bulkRows, digests } from '../../../db/replica/schema/bulk.ts';
import { cards } from '../../../db/replica/schema/cards.ts';
import { documents, formerDocuments } from '../../../db/replica/schema/documents.ts';
import { entries } from '../../../db/replica/schema/entries.ts';
import { members } from '../../../db/replica/schema/members.ts';
import { meta } from '../../../db/replica/schema/meta.ts';
import { goneKeys, keyRuns, keyState, searchKeysTable } from '../../../db/replica/schema/search-keys.ts';
import { tillMigrations } from '../../../db/till/open.ts';
import { cardBlocks, cardStock } from '../../../db/till/schema/card-stock.ts';
import { clockTurns, dayCloses, dayReceipts } from '../../../db/till/schema/closes.ts';
import { signIns } from '../../../db/till/schema/sign-ins.ts';
import { ops } from '../../../db/till/schema/ops.ts';
import { pendingKeys } from '../../../db/till/schema/pending-keys.ts';
import { settings } from '../../../db/till/schema/settings.ts';
import { AccountRow, CardRow, EntryRow } from '../../../sync/model/card.ts';
import { MemberRow } from '../../../sync/model/member.ts';
import { closing, KEY, tempFolder } from './files.ts';

const SNAPSHOT = join(import.meta.dirname, '../../../db/schema-snapshot.json');
const MIGRATIONS = { till: tillMigrations, replica: replicaMigrations, imports: importsMigrations };
const TABLES = {
  imports: [importRuns, importPieces, importRows, importTexts],
  till: [ops, pendingKeys, cardBlocks, cardStock, settings, dayCloses, dayReceipts, clockTurns, signIns],
  replica: [
    ...[meta, members, cards, accounts, entries, documents, formerDocuments],
    ...[searchKeysTable, keyRuns, keyState, goneKeys, digests, bulkFill, bulkRows, bulkIndexes],
  ],
};

function built(file: DbFile) {
  const path = join(tempFolder(), `${file}.db`);
  const raw = closing(openFile({ path, keyHex: KEY, file }));
  migrate(raw, { path, migrations: MIGRATIONS[file], hasBackup: false });
  return raw;
}

interface SchemaObject {
  type: string;
  name: string;
  sql: string | string[];
}

function schemaOf(file: DbFile) {
  const raw = built(file);
  const objects = raw
    .prepare(`SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name`)
    .all() as { type: string; name: string; sql: string }[];
  return {
    userVersion: raw.pragma('user_version', { simple: true }),
    objects: objects.map(({ type, name, sql }): SchemaObject => ({
      type,
      name,
      sql: sql.includes('\n') ? sql.split('\n') : sql,
    })),
  };
}

test('the migrations build the schema of the snapshot (UPDATE_SNAPSHOT=1 writes it)', () => {
  const schema = { till: schemaOf('till'), replica: schemaOf('replica'), imports: schemaOf('imports') };
  if (process.env['UPDATE_SNAPSHOT'] === '1') writeFileSync(SNAPSHOT, `${JSON.stringify(schema, null, 2)}\n`);
  expect(schema).toEqual(JSON.parse(readFileSync(SNAPSHOT, 'utf8')));
});

test.each(['till', 'replica', 'imports'] as const)(
  'every table of %s.db is strict and has its drizzle twin',
  (file) => {
    const raw = built(file);
    const tables = (raw.pragma('table_list') as { schema: string; name: string; strict: number }[]).filter(
      ({ schema, name }) => schema === 'main' && !name.startsWith('sqlite_'),
    );
    expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
    expect(tables.map(({ name }) => name).sort()).toEqual(TABLES[file].map(getTableName).sort());
  },
);

describe.each(['till', 'replica'] as const)('%s.db', (file) => {
  test.each(TABLES[file].map((table) => [getTableName(table), table] as const))(
    'has %s as drizzle describes it',
    (name, table) => {
      const raw = built(file);
      const actual = (
        raw.pragma(`table_info(${name})`) as { name: string; type: string; notnull: number; pk: number }[]
      ).map((column) => `${column.name} ${column.type} ${column.notnull === 1 || column.pk > 0}`);
      const described = getTableConfig(table).columns.map(
        (column) => `${column.name} ${column.getSQLType().toUpperCase()} ${column.notNull || column.primary}`,
      );
      expect(described).toEqual(actual);
    },
  );
});

test.each([
  { name: 'members', table: members, row: MemberRow, own: ['rowHash'] },
  { name: 'cards', table: cards, row: CardRow, own: ['rowHash'] },
  { name: 'accounts', table: accounts, row: AccountRow, own: ['rowHash'] },
  { name: 'entries', table: entries, row: EntryRow, own: [] },
])('$name hold every property of the row that travels, and nothing else', ({ table, row, own }) => {
  const kept = Object.keys(getTableColumns(table)).filter((prop) => !own.some((name) => name === prop));
  expect(kept.sort()).toEqual(Object.keys(row.shape).sort());
});

test.each(['till', 'replica'] as const)(
  'each migration of %s.db says what and why, and drops nothing',
  (file) => {
    for (const { sql } of MIGRATIONS[file]) {
      expect(sql).toMatch(/^-- What: [\s\S]*\n-- Why/);
      expect(sql).not.toMatch(/\bDROP\s+(TABLE|COLUMN)\b|\bRENAME\b/i);
    }
  },
);
