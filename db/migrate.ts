import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { assert, must } from '../sync/base/must.ts';
import type { Connection } from './open.ts';
import { transact } from './transaction.ts';

export interface Migration {
  number: number;
  sql: string;
}

interface MigrateOptions {
  path: string;
  migrations: readonly Migration[];
  /** Off for a file that can be fetched again: a copy beside it would outlive an erased member. */
  hasBackup: boolean;
}

/**
 * Numbered SQL files, `0001-words.sql`, in order.
 *
 * @throws Error When a name has no number, or the numbers are not 1, 2, 3 …: a hole would be skipped without
 * a word.
 */
export function toMigrations(files: Record<string, string>): Migration[] {
  const migrations = Object.entries(files)
    .map(([name, sql]) => ({ number: Number(/(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]), sql }))
    .sort((left, right) => left.number - right.number);
  for (const [at, { number }] of migrations.entries())
    assert(number === at + 1, `migration ${at + 1} is missing`);
  return migrations;
}

export const backupPathOf = (path: string, version: number): string => `${path}.before-${version + 1}`;

/**
 * Brings a file to the program's schema, all steps or none. A file with contents is copied first.
 *
 * @returns `isNewer` when a later program has been here; the file is then left as it is.
 * @throws Error When a step fails or leaves broken references; the file is as it was.
 */
export function migrate(
  raw: Connection,
  { path, migrations, hasBackup }: MigrateOptions,
): { isNewer: boolean } {
  const version = Number(raw.pragma('user_version', { simple: true }));
  const latest = must(migrations.at(-1), 'there is a migration').number;
  if (version >= latest) return { isNewer: version > latest };
  if (version > 0 && hasBackup) backUp(raw, path, version);
  // A pragma inside a transaction is ignored, and with foreign keys on a rebuilt table would lose its
  // children.
  raw.pragma('foreign_keys = OFF');
  try {
    transact(raw, () => {
      for (const { sql } of migrations.slice(version)) raw.exec(sql);
      const broken = raw.pragma('foreign_key_check') as unknown[];
      assert(broken.length === 0, `${broken.length} broken references`);
      raw.pragma(`user_version = ${latest}`);
    });
  } finally {
    raw.pragma('foreign_keys = ON');
  }
  return { isNewer: false };
}

/** Written aside, made durable, then named: a cut leaves no half copy under the name. */
function backUp(raw: Connection, path: string, version: number): void {
  const target = backupPathOf(path, version);
  const part = `${target}.part`;
  if (existsSync(part)) rmSync(part);
  copyInto(raw, part);
  renameSync(part, target);
}

/** An encrypted copy under the same key, durable when this returns. The target must not exist. */
export function copyInto(raw: Connection, target: string): void {
  raw.prepare('VACUUM INTO ?').run(target);
  const descriptor = openSync(target, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
