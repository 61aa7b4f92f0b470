import { toDbError, type DbFile } from './errors.ts';
import type { Connection } from './open.ts';

/** A rule of the schema that SQL can state: a query that counts what breaks it. */
export interface Rule {
  says: string;
  countBroken: string;
}

/** References between rows; SQLite looks each of them up. */
export const REFERENCES: Rule = {
  says: 'a reference is broken',
  countBroken: 'SELECT count(*) FROM pragma_foreign_key_check',
};

/**
 * Reads the whole file: structure, every page's seal, and `rules`. No values in the words.
 *
 * @returns What is wrong; [] when sound. Damage that stops the reading is one of the words, not thrown.
 */
export function checkFile(raw: Connection, file: DbFile, rules: readonly Rule[]): string[] {
  try {
    const structure = (raw.pragma('quick_check') as { quick_check: string }[]).map((row) => row.quick_check);
    const broken = rules.filter(({ countBroken }) => raw.prepare(countBroken).pluck().get() !== 0);
    return [...structure.filter((words) => words !== 'ok'), ...broken.map(({ says }) => says)];
  } catch (cause) {
    const failure = toDbError(cause, file);
    if (failure?.code === 'damaged') return [failure.message];
    throw failure ?? cause;
  }
}
