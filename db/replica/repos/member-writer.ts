import { searchKeys, type SearchKeySource } from '../../../sync/base/search-key.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import { members } from '../schema/members.ts';
import { KEY_PROPS, keySourceSelect } from './key-source.ts';
import type { KeyChanges } from './key-writer.ts';

const columns = columnsOf(members, ['rid']);
type StoredMember = SearchKeySource & { rid: number; seq: number };

/**
 * Writes members as `createRowWriter` does, and notes which search keys go and come; only those that really
 * differ.
 */
export function createMemberWriter(raw: Connection, keys: KeyChanges) {
  const marks = columns.names.map(() => '?').join(', ');
  const find = raw.prepare<[string], StoredMember>(
    `SELECT rid, seq, ${keySourceSelect} FROM members WHERE member_id = ?`,
  );
  const insert = raw.prepare(`INSERT INTO members (${columns.names.join(', ')}) VALUES (${marks})`);
  const replace = raw.prepare(
    `UPDATE members SET ${columns.names.map((name) => `${name} = ?`).join(', ')} WHERE rid = ?`,
  );
  return (row: MemberRow): boolean => {
    const values = columns.valuesOf(row);
    const stored = find.get(row.memberId);
    if (stored === undefined) {
      const rid = Number(insert.run(values).lastInsertRowid);
      for (const key of searchKeys(row)) keys.add(key, rid);
      return true;
    }
    if (row.seq < stored.seq) return false;
    replace.run([...values, stored.rid]);
    if (KEY_PROPS.some((prop) => stored[prop] !== row[prop])) noteDifference(keys, stored, row);
    return false;
  };
}

function noteDifference(keys: KeyChanges, stored: StoredMember, row: MemberRow): void {
  const before = new Set(searchKeys(stored));
  const after = new Set(searchKeys(row));
  for (const key of before) if (!after.has(key)) keys.remove(key, stored.rid);
  for (const key of after) if (!before.has(key)) keys.add(key, stored.rid);
}
