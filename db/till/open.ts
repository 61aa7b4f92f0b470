import { drizzle } from 'drizzle-orm/better-sqlite3';
import { checkFile, REFERENCES, type Rule } from '../check.ts';
import { DbError, guard, guarded } from '../errors.ts';
import { readFacts } from '../facts.ts';
import { migrate, toMigrations } from '../migrate.ts';
import { openFile, type Connection } from '../open.ts';
import { transact } from '../transaction.ts';
import { cardStockRepo } from './repos/card-stock.ts';
import { closeRepo } from './repos/closes.ts';
import { opRepo } from './repos/ops.ts';
import { settingsRepo } from './repos/settings.ts';
import { signInRepo } from './repos/sign-ins.ts';
import type { TillDb } from './types.ts';

export const tillMigrations = toMigrations(
  import.meta.glob<string>('./migrations/*.sql', { query: '?raw', import: 'default', eager: true }),
);

const RULES: readonly Rule[] = [
  REFERENCES,
  {
    says: 'ops: tseq is not dense',
    countBroken: 'SELECT coalesce(max(tseq), 0) <> count(*) FROM ops',
  },
  {
    says: 'ops: the chain is broken',
    countBroken: `SELECT count(*) FROM ops AS op LEFT JOIN ops AS before ON before.tseq = op.tseq - 1
      WHERE op.prev <> coalesce(before.hash, '00000000000000000000000000000000')`,
  },
  {
    says: 'ops: acks leave a gap',
    countBroken: `SELECT count(*) FROM ops AS op JOIN ops AS before ON before.tseq = op.tseq - 1
      WHERE op.ack_seq IS NOT NULL AND before.ack_seq IS NULL`,
  },
];

/**
 * Opens the till's own file, or makes it; migrated when it returns.
 *
 * @param options `keyHex`: 64 hex digits. @throws DbError see `openFile`.
 */
export function openTill(options: { path: string; keyHex: string }): TillDb {
  const raw = openFile({ ...options, file: 'till' });
  try {
    return guard('till', () => {
      const { isNewer } = migrate(raw, { path: options.path, migrations: tillMigrations, hasBackup: true });
      return createTill(raw, isNewer);
    });
  } catch (cause) {
    raw.close();
    throw cause;
  }
}

/** The till's file over an open, migrated connection. */
export function createTill(raw: Connection, isNewer: boolean): TillDb {
  const db = drizzle(raw);
  const ops = opRepo(raw);
  const refuse = (): never => {
    throw new DbError('newer', 'till');
  };
  return {
    isNewer,
    ops: guarded('till', isNewer ? { ...ops, append: refuse } : ops),
    stock: guarded('till', cardStockRepo(raw, db)),
    settings: guarded('till', settingsRepo(raw, db)),
    closes: guarded('till', closeRepo(raw)),
    signIns: guarded('till', signInRepo(raw)),
    // By itself, because `guarded` would lose the type parameter.
    transaction: (act) => guard('till', () => transact(raw, act)),
    ...guarded('till', {
      facts: () => readFacts(raw),
      check: () => checkFile(raw, 'till', RULES),
      close: () => void raw.close(),
    }),
  };
}
