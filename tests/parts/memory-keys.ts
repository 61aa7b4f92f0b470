import { searchKeys, type KeySeek } from '../../sync/base/search-key.ts';
import { EMPTY_FIELDS } from '../../sync/model/member.ts';
import type { MemoryTable } from './memory-file.ts';

/** Rows of the keys that `seek` names, in key order. */
export function keysInRange<Row>(table: MemoryTable<string, Row>, { key, isPrefix }: KeySeek): Row[] {
  if (!isPrefix) {
    const row = table.get(key);
    return row === undefined ? [] : [row];
  }
  return [...table.entries()]
    .filter(([each]) => each.startsWith(key))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, row]) => row);
}

const OF_NOBODY = new Set(searchKeys({ ...EMPTY_FIELDS, supportId: '' }));

/** A key that says nothing: who has none of what members are found by is filed under it. */
export const isOfNobody = (key: string): boolean => OF_NOBODY.has(key);
