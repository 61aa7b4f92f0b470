import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate } from '../../../../../db/migrate.ts';
import { openFile, type Connection } from '../../../../../db/open.ts';
import { dayEntries } from '../../../../../db/replica/columns/day-entries.ts';
import { watchedEntries } from '../../../../../db/replica/columns/watched-entries.ts';
import { replicaMigrations } from '../../../../../db/replica/open.ts';
import { entryRepo } from '../../../../../db/replica/repos/rows.ts';
import { closing, KEY, tempFolder } from '../../files.ts';

function emptyCopy(): Connection {
  const path = join(tempFolder(), 'replica.db');
  const raw = closing(openFile({ path, keyHex: KEY, file: 'replica' }));
  migrate(raw, { path, migrations: replicaMigrations, hasBackup: false });
  return raw;
}

/** Ten entries of each of these days and of each of two shops, every second one without an amount. */
function fill(raw: Connection, days: readonly string[]): void {
  const insert = raw.prepare(
    `INSERT INTO entries (op_id, seq, account_id, member_id, card_id, kind, delta, amount_minor, receipt_no, reward_id,
       card_type_version, corrects_op_id, reason, store_id, till_id, actor_id, business_day, wall_ms)
     VALUES (?, ?, 'a', 'm', 'c', 'stamp.added', 1, ?, '', '', 1, NULL, '', ?, 'till-1', 'staff-1', ?, ?)`,
  );
  let at = 0;
  for (const day of days)
    for (const store of ['north', 'south'])
      for (let each = 0; each < 10; each += 1, at += 1)
        insert.run(String(at).padStart(36, '0'), at, each % 2 === 0 ? 450 : null, store, day, at);
}

/** Runs it, and says how the copy finds what it asks for. */
function planOf(raw: Connection, act: (raw: Connection) => unknown): string {
  const plans: string[] = [];
  const prepare = raw.prepare.bind(raw);
  const record = (source: string) => {
    const marks = source.match(/\?/g)?.length ?? 0;
    const asked = Array.from({ length: marks }, () => '');
    const steps = prepare(`EXPLAIN QUERY PLAN ${source}`).all(...asked) as { detail: string }[];
    plans.push(...steps.map(({ detail }) => detail));
    return prepare(source);
  };
  raw.prepare = record as Connection['prepare'];
  act(raw);
  raw.prepare = prepare as Connection['prepare'];
  return plans.join('\n');
}

const DAYS = ['2026-03-01', '2026-03-02', '2026-03-03'];

test('a shop’s day and the watch of its days have every entry of it, with an amount or without, and no other', () => {
  const raw = emptyCopy();
  fill(raw, DAYS);
  const day = dayEntries(raw, { storeId: 'north', businessDay: '2026-03-02' });
  expect([day.length, day.filter(({ amountMinor }) => amountMinor === null).length]).toEqual([10, 5]);
  const range = { storeId: 'south', fromDay: '2026-03-02', toDay: '2026-03-03' };
  const watched = watchedEntries(raw, range);
  expect(new Set(watched.map(({ businessDay }) => businessDay))).toEqual(new Set(DAYS.slice(1)));
  expect(watched).toHaveLength(20);
});

test('neither reads the ledger through, however long it is', () => {
  const raw = emptyCopy();
  const asked = { storeId: 'north', businessDay: '2026-03-02' };
  const day = planOf(raw, (db) => dayEntries(db, asked));
  const watch = planOf(raw, (db) =>
    watchedEntries(db, { storeId: 'north', fromDay: '2026-03-01', toDay: '2026-03-28' }),
  );
  expect(day).toContain('SEARCH e USING INDEX entries_by_day (business_day=?)');
  expect(watch).toContain('SEARCH entries USING INDEX entries_by_day (business_day>? AND business_day<?)');
  expect(`${day}\n${watch}`).not.toMatch(/^SCAN/m);
});

test('the last day with a purchase is found in the index alone, however many days have none', () => {
  const raw = emptyCopy();
  fill(raw, DAYS);
  raw.exec("UPDATE entries SET amount_minor = NULL WHERE business_day > '2026-03-01'");
  expect(entryRepo(raw).lastPurchaseDay('2026-03-09')).toBe('2026-03-01');
  expect(planOf(raw, entryRepo)).toContain(
    'SEARCH entries USING COVERING INDEX entries_by_day (business_day<?)',
  );
});
