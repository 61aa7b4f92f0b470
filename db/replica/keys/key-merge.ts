import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';

/** Fewer small runs than this are left as they are: each costs a search some microseconds. */
const RUNS_MIN = 3;
/** Keys moved in one transaction at most; a third of it as a rule, some ten milliseconds. */
const KEYS_PER_MOVE = 20_000;

/**
 * Moves the keys of closed runs into the big one, range by range: what a reader sees is complete at every
 * moment, and a cut leaves nothing to mend.
 */
export function keyMerge(raw: Connection) {
  const closedRuns = raw
    .prepare<[], number>(
      'SELECT run FROM key_runs WHERE run > 0 AND run NOT IN (SELECT open_run FROM key_state) ' +
        'AND run NOT IN (SELECT batch_run FROM key_state) ORDER BY run',
    )
    .pluck();
  const keyAt = raw
    .prepare<[number, number], string>(
      'SELECT key FROM search_keys WHERE run = ? ORDER BY key LIMIT 1 OFFSET 0 + ?',
    )
    .pluck();
  const move = raw.prepare<[string, string]>(
    'INSERT OR IGNORE INTO search_keys (run, key, rid) SELECT 0, key, rid FROM search_keys ' +
      'WHERE run IN (SELECT value FROM json_each(?)) AND key <= ? ORDER BY key, rid',
  );
  const take = raw.prepare<[string, string]>(
    'DELETE FROM search_keys WHERE run IN (SELECT value FROM json_each(?)) AND key <= ?',
  );
  const forgetEmpty = raw.prepare<[string]>(
    'DELETE FROM key_runs WHERE run IN (SELECT value FROM json_each(?)) ' +
      'AND NOT EXISTS (SELECT 1 FROM search_keys WHERE search_keys.run = key_runs.run)',
  );
  /** Sorts behind every key. */
  const END = '\u{10FFFF}';

  return {
    /** True when there are so many small runs that moving them pays. */
    isDue: (): boolean => closedRuns.all().length >= RUNS_MIN,
    /** Moves the next range. @returns false when nothing is left to move. */
    moveNext: (): boolean =>
      transact(raw, () => {
        const runs = closedRuns.all();
        if (runs.length === 0) return false;
        const share = Math.ceil(KEYS_PER_MOVE / runs.length);
        const borders = runs.map((run) => keyAt.get(run, share)).filter((key) => key !== undefined);
        const border = borders.reduce((least, key) => (key < least ? key : least), END);
        const named = JSON.stringify(runs);
        move.run(named, border);
        take.run(named, border);
        forgetEmpty.run(named);
        return true;
      }),
  };
}
