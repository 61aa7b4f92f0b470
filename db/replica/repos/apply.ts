import { sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { assert } from '../../../sync/base/must.ts';
import type { Rows } from '../../../sync/model/feed.ts';
import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import { accounts } from '../schema/accounts.ts';
import { cards } from '../schema/cards.ts';
import { documents } from '../schema/documents.ts';
import { entries } from '../schema/entries.ts';
import type { ReplicaDb } from '../types.ts';
import { createKeyChanges } from './key-writer.ts';
import { createMemberWriter } from './member-writer.ts';
import type { MetaRepo } from './meta.ts';
import { createRowWriter } from './row-writer.ts';

const CLEARED = ['search_keys', 'members', 'cards', 'accounts', 'entries', 'documents'] as const;

function countNew<Row>(rows: readonly Row[], write: (row: Row) => boolean): number {
  let added = 0;
  for (const row of rows) if (write(row)) added += 1;
  return added;
}

function documentWriter(db: BetterSQLite3Database) {
  const { placeholder } = sql;
  return db
    .insert(documents)
    .values({
      kind: placeholder('kind'),
      id: placeholder('id'),
      seq: placeholder('seq'),
      body: placeholder('body'),
    })
    .onConflictDoUpdate({
      target: [documents.kind, documents.id],
      set: { seq: sql`excluded.seq`, body: sql`excluded.body` },
      setWhere: sql`excluded.seq >= ${documents.seq}`,
    })
    .prepare();
}

/** The only two ways in which the copy changes. */
export function replicaWriter(raw: Connection, db: BetterSQLite3Database, meta: MetaRepo) {
  const keys = createKeyChanges(raw);
  const writeMember = createMemberWriter(raw, keys);
  const writeCard = createRowWriter(raw, cards);
  const writeAccount = createRowWriter(raw, accounts);
  const writeEntry = createRowWriter(raw, entries);
  const writeDocument = documentWriter(db);
  const write = (rows: Rows) => {
    const added = {
      members: countNew(rows.members, writeMember),
      cards: countNew(rows.cards, writeCard),
      accounts: countNew(rows.accounts, writeAccount),
      entries: countNew(rows.entries, writeEntry),
    };
    keys.flush();
    for (const document of rows.documents) writeDocument.run(document);
    return added;
  };
  let writes = 0;
  const apply: ReplicaDb['apply'] = (rows, { epoch, cursor, isSettled }) => {
    writes += 1;
    transact(raw, () => {
      const before = meta.get();
      assert(before.epoch === epoch || before.cursor === 0, 'rows of another epoch: clear first');
      const reached = Math.max(before.cursor, cursor);
      meta.count(write(rows));
      meta.reach({ epoch, cursor: reached, settled: isSettled ? reached : before.settled });
    });
  };
  const clear = (): void => {
    writes += 1;
    transact(raw, () => {
      for (const table of CLEARED) raw.prepare(`DELETE FROM ${table}`).run();
      meta.reset();
    });
  };
  return { apply, clear, writes: () => writes };
}
