import { must } from '../../../sync/base/must.ts';
import type { Connection } from '../../open.ts';
import { onRollBack } from '../../transaction.ts';
import { keyInsert } from './key-insert.ts';

/** A run that takes new keys is closed at this size, which a page cache holds with ease. */
export const OPEN_KEYS_MAX = 100_000;

export interface KeyChanges {
  add(key: string, rid: number): void;
  remove(key: string, rid: number): void;
  /** Writes what was noted, in key order, so that neighbours meet in the same page. */
  flush(): void;
}

interface KeyChange {
  key: string;
  rid: number;
  isGone: boolean;
}

interface OpenRun {
  openRun: number;
  openKeys: number;
  batchRun: number;
}

/** What is to be added when several changes of one page have met the same key: the last one says. */
function stillThere(noted: readonly KeyChange[]): readonly KeyChange[] {
  if (noted.every(({ isGone }) => !isGone)) return noted;
  const last = new Map(noted.map((change) => [`${change.key}\0${change.rid}`, change]));
  return [...last.values()].filter(({ isGone }) => !isGone);
}

/** Keys of single changes: new ones go into the open run, old ones leave every run. Inside a transaction. */
export function createKeyChanges(raw: Connection): KeyChanges {
  const state = raw.prepare<[], OpenRun>(
    'SELECT open_run AS openRun, open_keys AS openKeys, batch_run AS batchRun FROM key_state WHERE id = 1',
  );
  const runs = raw.prepare<[], number>('SELECT run FROM key_runs ORDER BY run').pluck();
  const insert = keyInsert(raw);
  const remove = raw.prepare<[number, string, number]>(
    'DELETE FROM search_keys WHERE run = ? AND key = ? AND rid = ?',
  );
  const noteGone = raw.prepare<[string, number]>('INSERT OR IGNORE INTO gone_keys (key, rid) VALUES (?, ?)');
  const newRun = raw
    .prepare<[], number>('INSERT INTO key_runs (run) SELECT 1 + max(run) FROM key_runs RETURNING run')
    .pluck();
  const keep = raw.prepare<[number, number]>('UPDATE key_state SET open_run = ?, open_keys = ? WHERE id = 1');
  let noted: KeyChange[] = [];
  onRollBack(raw, () => {
    noted = [];
  });

  const takeBack = ({ key, rid }: KeyChange, batchRun: number): void => {
    for (const run of runs.all()) remove.run(run, key, rid);
    if (batchRun !== 0) noteGone.run(key, rid);
  };
  return {
    add: (key, rid) => void noted.push({ key, rid, isGone: false }),
    remove: (key, rid) => void noted.push({ key, rid, isGone: true }),
    flush: () => {
      if (noted.length === 0) return;
      // A stable sort: two changes of the same key stay in the order in which they were noted.
      noted.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
      const { openRun, openKeys, batchRun } = must(state.get(), 'the keys have their row');
      for (const change of noted) if (change.isGone) takeBack(change, batchRun);
      const added = insert(openRun, stillThere(noted));
      noted = [];
      const keys = openKeys + added;
      if (keys < OPEN_KEYS_MAX) keep.run(openRun, keys);
      else keep.run(must(newRun.get(), 'a new run has a number'), 0);
    },
  };
}
