import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import { TURN_MS } from '../turns.ts';

/** Fewer small runs than this are left as they are: each costs a search some microseconds. */
const RUNS_MIN = 3;
/** Keys of one transaction, of all small runs together: at first, at least, and at most. */
const KEYS = { first: 3_000, min: 200, max: 20_000 } as const;

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

  let keys: number = KEYS.first;
  /** The next move is as large as this one says that a turn has time for. */
  const timed = (act: () => boolean): boolean => {
    const startMs = performance.now();
    const isMoved = act();
    const tookMs = Math.max(performance.now() - startMs, 0.1);
    keys = Math.max(KEYS.min, Math.min(KEYS.max, Math.floor((keys * TURN_MS) / tookMs)));
    return isMoved;
  };

  return {
    /** True when there are so many small runs that moving them pays. */
    isDue: (): boolean => closedRuns.all().length >= RUNS_MIN,
    /** Moves the next range. @returns false when nothing is left to move. */
    moveNext: (): boolean =>
      timed(() =>
        transact(raw, () => {
          const runs = closedRuns.all();
          if (runs.length === 0) return false;
          const share = Math.ceil(keys / runs.length);
          const borders = runs.map((run) => keyAt.get(run, share)).filter((key) => key !== undefined);
          const border = borders.reduce((least, key) => (key < least ? key : least), END);
          const named = JSON.stringify(runs);
          move.run(named, border);
          take.run(named, border);
          forgetEmpty.run(named);
          return true;
        }),
      ),
  };
}
