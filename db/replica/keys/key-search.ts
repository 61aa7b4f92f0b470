import type { MemberId } from '../../../sync/base/ids.ts';
import type { KeySeek } from '../../../sync/base/search-key.ts';
import { boundsOf, firstDistinct } from '../../key-range.ts';
import type { Connection } from '../../open.ts';
import { reading } from '../../reading.ts';
import { askedKey, filedSeeks } from './key-forms.ts';

interface Found {
  key: string;
  rid: number;
}

/** The first `limit` members of one range, each with its first key. */
function firstOf(hits: Iterable<Found>, limit: number): Found[] {
  const found = new Map<number, Found>();
  for (const hit of hits) {
    // Inside the loop, so that a statement's iterator is always closed: an open one blocks the connection.
    if (found.size >= limit) break;
    if (!found.has(hit.rid)) found.set(hit.rid, hit);
  }
  return [...found.values()];
}

const inKeyOrder = (left: Found, right: Found): number =>
  left.key < right.key ? -1 : left.key > right.key ? 1 : left.rid - right.rid;

export function keySearch(raw: Connection) {
  const runs = raw.prepare<[], number>('SELECT run FROM key_runs ORDER BY run').pluck();
  const range = raw.prepare<[number, string, string], Found>(
    'SELECT key, rid FROM search_keys WHERE run = ? AND key >= ? AND key < ? ORDER BY key, rid',
  );
  const idOf = raw.prepare<[number], MemberId>('SELECT member_id FROM members WHERE rowid = ?').pluck();
  const among = raw
    .prepare<[string], string>(
      `SELECT asked.value FROM json_each(?) AS asked WHERE EXISTS
         (SELECT 1 FROM key_runs CROSS JOIN search_keys AS filed
          ON filed.run = key_runs.run AND filed.key = asked.value)`,
    )
    .pluck();
  const due = raw.prepare<[], number>('SELECT built < until FROM key_state WHERE id = 1').pluck();

  /** The first of each range hold the first of all: no more of any is needed. */
  const collect = (seek: KeySeek, limit: number): Found[] => {
    const all: Found[] = [];
    for (const run of runs.all()) {
      for (const { seek: filed, cut } of filedSeeks(seek)) {
        for (const { key, rid } of firstOf(range.iterate(run, ...boundsOf(filed)), limit))
          all.push({ key: askedKey(key, cut), rid });
      }
    }
    return all.sort(inKeyOrder);
  };
  return {
    /** Everything as of one moment: keys may be moved from run to run meanwhile. */
    search: (seek: KeySeek, limit: number): MemberId[] =>
      reading(raw, () =>
        firstDistinct(
          collect(seek, limit).map(({ rid }) => rid),
          limit,
        )
          .map((rid) => idOf.get(rid))
          .filter((id) => id !== undefined),
      ),
    filedAmong: (keys: readonly string[]): string[] => among.all(JSON.stringify(keys)),
    /** True while names and parts of phones of some members have no keys yet. */
    isPreparing: (): boolean => due.get() === 1,
  };
}
