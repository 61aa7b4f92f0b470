import type { Connection } from './open.ts';

/** What a file runs with, for `doctor`. No personal data, no key. */
export interface DbFacts {
  pragmas: Record<string, string | number>;
  sizeBytes: number;
  userVersion: number;
}

const PRAGMAS = [
  'cipher',
  'journal_mode',
  'synchronous',
  'foreign_keys',
  'trusted_schema',
  'cell_size_check',
  'secure_delete',
  'temp_store',
  'mmap_size',
  'busy_timeout',
  'journal_size_limit',
  'cache_size',
  'page_size',
  'application_id',
] as const;

/** Reads back what is in force, instead of repeating what was asked for. */
export function readFacts(raw: Connection): DbFacts {
  const read = (pragma: string): string | number => {
    const value = raw.pragma(pragma, { simple: true });
    return typeof value === 'number' ? value : String(value);
  };
  return {
    pragmas: Object.fromEntries(PRAGMAS.map((pragma) => [pragma, read(pragma)])),
    sizeBytes: Number(read('page_count')) * Number(read('page_size')),
    userVersion: Number(read('user_version')),
  };
}
