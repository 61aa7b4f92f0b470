import { must } from '../../../sync/base/must.ts';
import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import { replicaKeys, type FiledMember } from './key-forms.ts';
import { TURN_MS } from '../turns.ts';
import { keyInsert, type FiledKey } from './key-insert.ts';
import { keySourceSelect } from './key-source.ts';

/** Members of one run: their keys are collected and sorted in memory, some 15 MB of it. */
const MEMBERS_PER_RUN = 20_000;
/** Between two looks at the clock. */
const KEYS_PER_LOOK = 500;

interface BatchState {
  built: number;
  until: number;
  batchRun: number;
}

type Keyed = FiledMember & { rid: number };

/** Between key and row number while sorting; below every sign that a key has. */
const MARK = '\0';

function toFiled(text: string): FiledKey {
  const at = text.lastIndexOf(MARK);
  return { key: text.slice(0, at), rid: Number(text.slice(at + 1)) };
}

/** The keys of the next members, each followed by its member's row number, in order. */
function sortedKeys(rows: readonly Keyed[]): string[] {
  return rows.flatMap((row) => replicaKeys(row).map((key) => `${key}${MARK}${row.rid}`)).sort();
}

/**
 * Makes the keys that a bulk fill, or another rule for keys, left out: run after run, each sorted before it
 * is written, so that pages are filled one after the other. May end at any moment and go on later.
 */
export function keyBatches(raw: Connection, membersPerRun = MEMBERS_PER_RUN) {
  const state = raw.prepare<[], BatchState>(
    'SELECT built, until, batch_run AS batchRun FROM key_state WHERE id = 1',
  );
  const members = raw.prepare<[number, number, number], Keyed>(
    `SELECT rowid AS rid, ${keySourceSelect} FROM members
     WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT 0 + ?`,
  );
  const insert = keyInsert(raw);
  const newRun = raw
    .prepare<[], number>('INSERT INTO key_runs (run) SELECT 1 + max(run) FROM key_runs RETURNING run')
    .pluck();
  const begin = raw.prepare<[number]>('UPDATE key_state SET batch_run = ? WHERE id = 1');
  const end = raw.prepare<[number]>('UPDATE key_state SET built = ?, batch_run = 0 WHERE id = 1');
  const takeBack = raw.prepare<[number]>(
    'DELETE FROM search_keys WHERE run = ? AND (key, rid) IN (SELECT key, rid FROM gone_keys)',
  );
  const forgetGone = raw.prepare('DELETE FROM gone_keys');

  /** The run of a batch that was cut short is used again: what is in it already is made once more. */
  const open = (): BatchState =>
    transact(raw, () => {
      const now = must(state.get(), 'the keys have their row');
      if (now.built >= now.until || now.batchRun !== 0) return now;
      const batchRun = must(newRun.get(), 'a new run has a number');
      begin.run(batchRun);
      return { ...now, batchRun };
    });
  const write = (run: number, keys: readonly string[]): void => {
    insert(run, keys.map(toFiled));
  };
  /** As many as one turn has time for. @returns where the next turn begins */
  const writeSome = (run: number, keys: readonly string[], from: number): number => {
    const endMs = performance.now() + TURN_MS;
    let at = from;
    do {
      write(run, keys.slice(at, at + KEYS_PER_LOOK));
      at += KEYS_PER_LOOK;
    } while (at < keys.length && performance.now() < endMs);
    return at;
  };
  return {
    /** Makes the next run, `pause` between its parts. @returns false when nothing is left to make. */
    makeNext: async (pause: () => Promise<void>): Promise<boolean> => {
      const { built, until, batchRun } = open();
      if (built >= until) return false;
      const rows = members.all(built, until, membersPerRun);
      const keys = sortedKeys(rows);
      for (let at = 0; at < keys.length;) {
        await pause();
        at = transact(raw, () => writeSome(batchRun, keys, at));
      }
      transact(raw, () => {
        takeBack.run(batchRun);
        forgetGone.run();
        end.run(rows.length < membersPerRun ? until : (rows.at(-1)?.rid ?? until));
      });
      return true;
    },
    /** The same at once, for a few members. */
    makeAllNow: (): void =>
      transact(raw, () => {
        const { built, until } = must(state.get(), 'the keys have their row');
        const rows = members.all(built, until, until);
        write(0, sortedKeys(rows));
        end.run(until);
      }),
  };
}
