import { bucketOfId, memberHash } from '../../../sync/feed/digest.ts';
import { keptMember, type MemberRow } from '../../../sync/model/member.ts';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import type { KeyChanges } from '../keys/key-changes.ts';
import { replicaKeys, type FiledMember } from '../keys/key-forms.ts';
import { KEY_PROPS, keySourceSelect } from '../keys/key-source.ts';
import { members } from '../schema/members.ts';
import type { DigestNotes } from './digest-keeper.ts';
import type { WriteRow } from './row-writer.ts';

const columns = columnsOf(members, ['rowHash']);
const names = [...columns.names, 'row_hash'];
const INDEXED: ReadonlySet<string> = new Set(['member_id', 'mobile', 'phone', 'merged_into_id']);
const INDEXED_PROPS = ['mobile', 'phone', 'mergedIntoId'] as const;
type StoredMember = FiledMember &
  Pick<MemberRow, 'mergedIntoId' | 'state'> & { rid: number; seq: number; hash: number };

/**
 * Writes members as `createRowWriter` does, and notes which search keys go and come; only those that really
 * differ.
 */
export function createMemberWriter(
  raw: Connection,
  keys: KeyChanges,
  digests: DigestNotes,
): WriteRow<MemberRow> {
  const marks = names.map(() => '?').join(', ');
  const find = raw.prepare<[string], StoredMember>(
    `SELECT rowid AS rid, seq, row_hash AS hash, merged_into_id AS mergedIntoId, state, ${keySourceSelect} FROM members WHERE member_id = ?`,
  );
  const insert = raw.prepare(`INSERT INTO members (${names.join(', ')}) VALUES (${marks})`);
  const setAll = (listed: readonly string[]): string =>
    `UPDATE members SET ${listed.map((name) => `${name} = ?`).join(', ')} WHERE rowid = ?`;
  // To set an indexed column costs its index a delete and an insert, even to the same value.
  const replace = raw.prepare(setAll(names.filter((name) => !INDEXED.has(name))));
  const replaceAll = raw.prepare(setAll(names));
  const touch = raw.prepare<[number, number]>('UPDATE members SET seq = ? WHERE rowid = ?');
  return (given, isMending) => {
    const stored = find.get(given.memberId);
    if (stored !== undefined && given.seq < stored.seq) return false;
    const row = keptMember(given, stored);
    const hash = memberHash(row);
    if (stored?.hash === hash && !isMending) {
      if (row.seq > stored.seq) touch.run(row.seq, stored.rid);
      return false;
    }
    const values = [...columns.valuesOf(row), hash];
    digests.note('members', bucketOfId(row.memberId), { before: stored?.hash ?? null, after: hash });
    if (stored === undefined) {
      const rid = Number(insert.run(values).lastInsertRowid);
      for (const key of replicaKeys(row)) keys.add(key, rid);
      return true;
    }
    const isFiledAsBefore = INDEXED_PROPS.every((prop) => stored[prop] === row[prop]);
    if (isFiledAsBefore)
      replace.run([...values.filter((_, at) => !INDEXED.has(names[at] ?? '')), stored.rid]);
    else replaceAll.run([...values, stored.rid]);
    if (KEY_PROPS.some((prop) => stored[prop] !== row[prop])) noteDifference(keys, stored, row);
    return false;
  };
}

function noteDifference(keys: KeyChanges, stored: StoredMember, row: MemberRow): void {
  const before = new Set(replicaKeys(stored));
  const after = new Set(replicaKeys(row));
  for (const key of before) if (!after.has(key)) keys.remove(key, stored.rid);
  for (const key of after) if (!before.has(key)) keys.add(key, stored.rid);
}
