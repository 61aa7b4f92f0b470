import type { Crypto } from '../sync/base/crypto.ts';
import { rowsOf, type Database, type Sql } from './database.ts';
import { makeMissingKeys } from './keys.ts';
import { listAllErased } from './repos/erasures.ts';
import { eraseOpBodies } from './repos/ops.ts';
import { eraseStrays } from './repos/strays.ts';

const files = import.meta.glob<string>('./migrations/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const LOCK_KEY = 4_870_001;

interface Migration {
  number: number;
  name: string;
  sql: string;
}

/** Numbered files in order: `0001-start.sql` is number 1. */
function listMigrations(): Migration[] {
  return Object.entries(files)
    .map(([path, sql]) => ({
      number: Number(/(\d{4})-/.exec(path)?.[1]),
      name: path.replace(/^.*\//, ''),
      sql,
    }))
    .sort((left, right) => left.number - right.number);
}

const ERASED_PER_STEP = 500;

/** An op that named nobody before 0010 kept what it says of somebody who was anonymised before. */
async function eraseAgain(tx: Sql, crypto: Crypto, nowMs: number): Promise<void> {
  const ids = await listAllErased(tx);
  for (let at = 0; at < ids.length; at += ERASED_PER_STEP) {
    const some = ids.slice(at, at + ERASED_PER_STEP);
    await eraseOpBodies(tx, some, crypto);
    await eraseStrays(tx, some, nowMs);
  }
}

/** What a migration needs beside its SQL, right after it. */
const STEPS: Record<number, typeof eraseAgain> = { 12: eraseAgain };

async function applyMissing(tx: Sql, crypto: Crypto, nowMs: number): Promise<boolean> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
  // An index over years of a large chain takes longer than any request may.
  await tx.query('set local statement_timeout = 0');
  await tx.query(
    'create table if not exists schema_migrations (number int primary key, name text not null, ' +
      'hash text not null, applied_at_ms bigint not null)',
  );
  const applied = await rowsOf<{ number: number; hash: string }>(
    tx,
    'select number, hash from schema_migrations',
  );
  const known = listMigrations();
  if (applied.some((row) => !known.some((migration) => migration.number === row.number))) {
    throw new Error(
      'The database was made by a newer version of the CRM. Nothing was changed. Start that version.',
    );
  }
  for (const { number, name, sql } of known) {
    const hash = crypto.sha256Hex(sql);
    const earlier = applied.find((row) => row.number === number);
    if (earlier !== undefined && earlier.hash !== hash)
      throw new Error(`migrate: ${name} was edited after its release`);
    if (earlier !== undefined) continue;
    await tx.query(sql);
    await STEPS[number]?.(tx, crypto, nowMs);
    await tx.query('insert into schema_migrations values ($1, $2, $3, $4)', [number, name, hash, nowMs]);
  }
  await tx.query('insert into feed_head (id, epoch, card_key) values (1, $1, $2) on conflict do nothing', [
    crypto.randomHex(8),
    crypto.randomHex(16),
  ]);
  await makeMissingKeys(tx, nowMs);
  return applied.length < known.length;
}

/**
 * Brings the database up to this program, in one transaction under an advisory lock: two processes may
 * start at once.
 *
 * @returns True when there was anything to do.
 * @throws When the database is newer than the program, or a released migration was edited.
 */
export async function migrate(database: Database, crypto: Crypto, nowMs: number): Promise<boolean> {
  return database.transaction((tx) => applyMissing(tx, crypto, nowMs));
}
