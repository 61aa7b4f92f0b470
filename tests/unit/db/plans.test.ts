import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createImports, importsMigrations } from '../../../db/imports/open.ts';
import { migrate } from '../../../db/migrate.ts';
import { openFile, type Connection } from '../../../db/open.ts';
import { createReplica, replicaMigrations } from '../../../db/replica/open.ts';
import { createTill, tillMigrations } from '../../../db/till/open.ts';
import type { DbFile } from '../../../db/errors.ts';
import { closing, KEY, tempFolder } from './files.ts';
import * as sample from './samples.ts';

const MIGRATIONS = { till: tillMigrations, replica: replicaMigrations, imports: importsMigrations };

const open = {
  till: (raw: Connection) => createTill(raw, false),
  replica: (raw: Connection, path: string) => createReplica(raw, false, { path, keyHex: KEY }),
  imports: (raw: Connection) => createImports(raw),
};

/** Every statement that the repositories prepare, with its plan: a line per step. */
function plansOf(file: DbFile): Map<string, string> {
  const path = join(tempFolder(), `${file}.db`);
  const raw = closing(openFile({ path, keyHex: KEY, file }));
  migrate(raw, { path, migrations: MIGRATIONS[file], hasBackup: false });
  const prepared = new Set<string>();
  const prepare = raw.prepare.bind(raw);
  const record = (source: string) => {
    prepared.add(source);
    return prepare(source);
  };
  raw.prepare = record as Connection['prepare'];
  const opened = open[file](raw, path);
  if ('apply' in opened) opened.apply(sample.shopRows(1), { epoch: 'e', cursor: 1, isSettled: true });
  raw.prepare = prepare as Connection['prepare'];
  return new Map([...prepared].map((source) => [source, planOf(raw, source)]));
}

function planOf(raw: Connection, source: string): string {
  const marks = source.match(/\?/g)?.length ?? 0;
  const steps = raw.prepare(`EXPLAIN QUERY PLAN ${source}`).all(...Array.from({ length: marks }, () => null));
  return (steps as { detail: string }[]).map(({ detail }) => detail).join('\n');
}

/** These read a table or an index from end to end on purpose; each is bounded, rare or small. */
const WALKS: Record<DbFile, readonly RegExp[]> = {
  // Runs: some hundreds in the life of a till.
  imports: [/FROM import_runs WHERE state = \?/],
  till: [
    // Newest ops first, stopped by LIMIT.
    /^SELECT .* FROM ops ORDER BY tseq DESC LIMIT/,
    // Indexes that hold free numbers and held ops only.
    /from "card_stock" where "card_stock"."used_by_op_id" is null/,
    /INDEXED BY ops_held/,
    // Some dozens; read while a damaged file is mended.
    /^select "key" from "settings"$/,
    // A row for each time that a clock was put right; and the latest closed days, stopped by LIMIT.
    /FROM clock_turns/,
    /FROM day_closes ORDER BY business_day DESC LIMIT/,
    // A list that was asked about; each of it by an index.
    /^SELECT asked\.value FROM json_each\(\?\) AS asked\s+WHERE EXISTS \(SELECT 1 FROM pending_keys WHERE key = /,
  ],
  replica: [
    // State hash: every row, one at a time.
    /^SELECT .* FROM (members|cards|accounts)$/,
    // A chain's settings: some dozens of rows.
    /from "chain_documents" order by/,
    // Runs of search keys: two as a rule, some dozens after a bulk fill.
    /FROM key_runs/,
    /WHERE run IN \(SELECT value FROM json_each/,
    // Constants of one statement.
    /^INSERT OR IGNORE INTO search_keys \(run, key, rid\) VALUES/,
    // A list that was asked about; each of it by an index.
    /^SELECT asked\.value FROM json_each\(\?\) AS asked WHERE\s+EXISTS \(SELECT 1 FROM members WHERE mobile = /,
    /FROM cards\s+WHERE card_id IN \(SELECT value FROM json_each/,
    // Three rows.
    /FROM digests/,
    /^UPDATE digests/,
  ],
};

test.each(['till', 'replica', 'imports'] as const)('no statement on %s.db reads a whole table', (file) => {
  const plans = plansOf(file);
  expect(plans.size).toBeGreaterThan(15);
  const walking = [...plans].filter(([, plan]) => /^SCAN (?!CONSTANT)/m.test(plan)).map(([source]) => source);
  const unexpected = walking.filter((source) => !WALKS[file].some((allowed) => allowed.test(source)));
  expect(unexpected).toEqual([]);
  // An exception that nothing uses any more has to go.
  const unused = WALKS[file].filter((allowed) => !walking.some((source) => allowed.test(source)));
  expect(unused).toEqual([]);
});

test('no statement sorts, but those that put one member, one day or one stretch of keys in order', () => {
  const sorting = [...plansOf('till'), ...plansOf('replica')].filter(([, plan]) =>
    plan.includes('TEMP B-TREE'),
  );
  expect(sorting.map(([source]) => / FROM (\w+)\s+WHERE (\w+)/.exec(source)?.slice(1))).toEqual([
    ['ops', 'tseq'],
    // A few thousand keys on their way from small runs into the big one.
    ['search_keys', 'run'],
    ['cards', 'member_id'],
  ]);
});

test('look-ups and searches go straight to their index', () => {
  const plans = [...plansOf('till'), ...plansOf('replica')].map(([source, plan]) => `${source} -> ${plan}`);
  const expected = [
    /FROM ops WHERE op_id = \? -> SEARCH ops USING INDEX sqlite_autoindex_ops_1/,
    /FROM ops\s+WHERE member_id = \?[\s\S]* -> SEARCH ops USING INDEX ops_member/,
    /FROM pending_keys WHERE key >= \? AND key < \? .* -> SEARCH pending_keys USING PRIMARY KEY \(key>\? AND/,
    /FROM members WHERE member_id = \? -> SEARCH members USING INDEX/,
    /FROM cards WHERE card_number = \? AND rowid <= 0 -> SEARCH cards USING INDEX cards_number_bulk/,
    /FROM cards WHERE card_number = \? AND rowid > 0 -> SEARCH cards USING INDEX cards_number /,
    /FROM accounts WHERE account_id = \? -> SEARCH accounts USING INDEX/,
    /FROM entries WHERE member_id = \? .* -> SEARCH entries USING INDEX entries_member/,
    /FROM entries WHERE corrects_op_id = \? .* -> SEARCH entries USING INDEX entries_corrects/,
    /FROM members WHERE mobile = [\s\S]* -> [\s\S]*members_mobile_bulk[\s\S]*members_mobile /,
    /FROM members WHERE phone = [\s\S]* -> [\s\S]*members_phone_bulk[\s\S]*members_phone /,
    /FROM search_keys WHERE run = \? AND key >= .* -> SEARCH search_keys USING PRIMARY KEY \(run=\? AND key>/,
  ];
  expect(expected.filter((pattern) => !plans.some((plan) => pattern.test(plan)))).toEqual([]);
});

test('a stamp touches three b-trees: the table, the op id, the member', () => {
  const path = join(tempFolder(), 'till.db');
  const raw = closing(openFile({ path, keyHex: KEY, file: 'till' }));
  migrate(raw, { path, migrations: tillMigrations, hasBackup: false });
  const till = createTill(raw, false);
  const sizes = () =>
    raw.prepare('SELECT name, sum(ncell) AS cells FROM dbstat GROUP BY name ORDER BY name').all() as {
      name: string;
      cells: number;
    }[];
  const before = new Map(sizes().map(({ name, cells }) => [name, cells]));
  const next = sample.opChain();
  till.transaction(() => till.ops.append(next(sample.stamp(1)), []));
  const touched = sizes().filter(({ name, cells }) => cells !== before.get(name));
  expect(touched.map(({ name }) => name)).toEqual(['ops', 'ops_member', 'sqlite_autoindex_ops_1']);
});
