import { drizzle } from 'drizzle-orm/better-sqlite3';
import { checkFile, type Rule } from '../check.ts';
import { DbError, guard, guarded } from '../errors.ts';
import { readFacts } from '../facts.ts';
import { migrate, toMigrations } from '../migrate.ts';
import { openFile, type Connection } from '../open.ts';
import { replicaWriter } from './repos/apply.ts';
import { documentRepo } from './repos/documents.ts';
import { renewKeys } from './repos/key-writer.ts';
import { metaRepo } from './repos/meta.ts';
import { cardRepo, entryRepo, memberRepo, rowWalker } from './repos/rows.ts';
import { pageWalker } from './repos/page-walk.ts';
import type { ReplicaDb } from './types.ts';

export const replicaMigrations = toMigrations(
  import.meta.glob<string>('./migrations/*.sql', { query: '?raw', import: 'default', eager: true }),
);

/** Not the references: looking up a dozen keys per member takes as long as reading the file. */
const RULES: readonly Rule[] = (['members', 'cards', 'accounts', 'entries'] as const).map((table) => ({
  says: `meta: count of ${table} is off`,
  countBroken: `SELECT (SELECT count(*) FROM ${table}) <> ${table} FROM meta`,
}));

/**
 * Opens the copy of the centre's rows, or makes an empty one; migrated when it returns.
 *
 * @param options `keyHex`: 64 hex digits. @throws DbError see `openFile`.
 */
export function openReplica(options: { path: string; keyHex: string }): ReplicaDb {
  const raw = openFile({ ...options, file: 'replica' });
  try {
    return guard('replica', () => {
      const { isNewer } = migrate(raw, {
        path: options.path,
        migrations: replicaMigrations,
        hasBackup: false,
      });
      if (isNewer) raw.pragma('query_only = ON');
      else renewKeys(raw);
      return createReplica(raw, isNewer);
    });
  } catch (cause) {
    raw.close();
    throw cause;
  }
}

/** The copy over an open, migrated connection. */
export function createReplica(raw: Connection, isNewer: boolean): ReplicaDb {
  const db = drizzle(raw);
  const meta = metaRepo(raw, db);
  const refuse = (): never => {
    throw new DbError('newer', 'replica');
  };
  const writer = isNewer ? { apply: refuse, clear: refuse, writes: () => 0 } : replicaWriter(raw, db, meta);
  const methods: Omit<ReplicaDb, 'isNewer'> = {
    ...writer,
    ...memberRepo(raw),
    ...cardRepo(raw),
    ...entryRepo(raw),
    ...rowWalker(raw),
    ...pageWalker(raw),
    ...documentRepo(db),
    meta: meta.get,
    counts: meta.counts,
    facts: () => readFacts(raw),
    check: () => checkFile(raw, 'replica', RULES),
    close: () => void raw.close(),
  };
  return { isNewer, ...guarded('replica', methods) };
}
