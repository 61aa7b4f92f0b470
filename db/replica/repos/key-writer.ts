import { createHash } from 'node:crypto';
import { searchKeys, type SearchKeySource } from '../../../sync/base/search-key.ts';
import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import { keySourceSelect } from './key-source.ts';

const REBUILD_MEMBERS = 5_000;

export interface KeyChanges {
  add(key: string, rid: number): void;
  remove(key: string, rid: number): void;
  /** Writes what was noted, in key order, so that neighbours meet in the same page. */
  flush(): void;
}

export function createKeyChanges(raw: Connection): KeyChanges {
  const insert = raw.prepare<[string, number]>('INSERT OR IGNORE INTO search_keys (key, rid) VALUES (?, ?)');
  const remove = raw.prepare<[string, number]>('DELETE FROM search_keys WHERE key = ? AND rid = ?');
  let changes: { key: string; rid: number; isGone: boolean }[] = [];
  return {
    add: (key, rid) => void changes.push({ key, rid, isGone: false }),
    remove: (key, rid) => void changes.push({ key, rid, isGone: true }),
    flush: () => {
      const ordered = changes;
      changes = [];
      // A stable sort: two changes of the same key stay in the order in which they were noted.
      ordered.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
      for (const { key, rid, isGone } of ordered) (isGone ? remove : insert).run(key, rid);
    },
  };
}

/** Shows every rule of the keys: accents, ideographs, several words, both phones, all kinds. */
const SAMPLE: SearchKeySource = {
  lastName: 'Ørsted 陈',
  firstName: 'Ana-María Łucja 伟明',
  mobile: '+6591234567',
  phone: '+442079460958',
  email: 'Ana@Example.test',
  lookupId: 'A 12-b',
  supportId: 'K7QX-2M4P',
};

/**
 * Changes when the rules do: keys are taken back by making them again from the stored row, so both must
 * agree.
 */
const KEY_RULES = createHash('sha256').update(searchKeys(SAMPLE).join('\n')).digest('hex').slice(0, 16);

/**
 * Makes all search keys anew when other rules made the ones in the file. Seconds at 100,000 members; after
 * updates only.
 */
export function renewKeys(raw: Connection): void {
  if (raw.prepare('SELECT key_rules FROM meta').pluck().get() === KEY_RULES) return;
  const page = raw.prepare<[number, number], SearchKeySource & { rid: number }>(
    `SELECT rid, ${keySourceSelect} FROM members WHERE rid > ? ORDER BY rid LIMIT ?`,
  );
  const keys = createKeyChanges(raw);
  transact(raw, () => {
    raw.prepare('DELETE FROM search_keys').run();
    for (let rows = page.all(0, REBUILD_MEMBERS); rows.length > 0;) {
      for (const row of rows) for (const key of searchKeys(row)) keys.add(key, row.rid);
      keys.flush();
      rows = page.all(rows.at(-1)?.rid ?? 0, REBUILD_MEMBERS);
    }
    raw.prepare('UPDATE meta SET key_rules = ?').run(KEY_RULES);
  });
}
