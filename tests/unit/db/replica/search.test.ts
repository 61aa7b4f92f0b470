import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { toSearchPlan } from '../../../../sync/base/search-key.ts';
import type { MemberRow } from '../../../../sync/model/member.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import { member, memberId, rows } from '../samples.ts';

const AT = { epoch: 'e1', cursor: 1, isSettled: true };

function replicaOf(members: MemberRow[]) {
  const path = join(tempFolder(), 'replica.db');
  const replica = closing(openReplica({ path, keyHex: KEY }));
  replica.apply(rows({ members }), AT);
  /** Numbers of the members that any seek of the one box finds. */
  const find = (text: string, limit = 20) => {
    const ids = toSearchPlan(text, 'SG').seeks.flatMap((seek) => replica.search(seek, limit));
    return [...new Set(ids)].map((id) => Number(id.slice(-4))).sort((left, right) => left - right);
  };
  return { path, replica, find };
}

const people = [
  member(1, { lastName: '陈', firstName: '伟明', mobile: '+6591234567' }),
  member(2, { lastName: 'Tan', firstName: 'Mei Ling', mobile: '+6598765432', phone: '+6567654321' }),
  member(3, { lastName: 'Núñez', firstName: 'José', mobile: '+34612349999', email: 'jose@example.test' }),
  member(4, { lastName: '欧阳', firstName: '', lookupId: 'VIP 007' }),
];

describe('a member is found', () => {
  test.each([
    ['a two-character Chinese name, whole', '欧阳', [4]],
    ['two characters out of the middle of a Chinese name', '伟明', [1]],
    ['its first character', '陈', [1]],
    ['last name first', 'tan mei', [2]],
    ['first name first', 'mei ling t', [2]],
    ['a name without its accents', 'jose nunez', [3]],
    ['the last four digits', '4567', [1]],
    ['a part of the phone', '8765', [2]],
    ['the second phone', '6765 4321', [2]],
    ['the whole mobile in any notation', '+65 9876-5432', [2]],
    ['the e-mail in capitals', 'JOSE@example.test', [3]],
    ['the look-up ID without its space', 'vip007', [4]],
    ['the support ID', 'sup-2', [2]],
    ['nothing that fits', 'zzz', []],
  ])('by %s', (_, text, expected) => {
    expect(replicaOf(people).find(text)).toEqual(expected);
  });
});

describe('search keys', () => {
  test('follow the row: the old ones go, the new ones come, the rest stays', () => {
    const { replica, find, path } = replicaOf(people);
    const raw = closing(openFile({ path, keyHex: KEY, file: 'replica' }));
    const keysOf = () => raw.prepare('SELECT key FROM search_keys WHERE rid = 2 ORDER BY key').pluck().all();
    const before = keysOf();
    const moved = { ...people[1], seq: 9, lastName: 'Lim', mobile: '+6590001111' } as MemberRow;
    replica.apply(rows({ members: [moved] }), AT);
    expect([find('tan mei'), find('8765'), find('lim mei'), find('1111'), find('4321')]).toEqual([
      [],
      [],
      [2],
      [2],
      [2],
    ]);
    replica.apply(rows({ members: [{ ...(people[1] as MemberRow), seq: 10 }] }), AT);
    expect(keysOf()).toEqual(before);
  });

  test('are made again when the rules that made them have changed', () => {
    const { replica, path } = replicaOf(people);
    replica.close();
    const raw = openFile({ path, keyHex: KEY, file: 'replica' });
    const count = () => raw.prepare('SELECT count(*) FROM search_keys').pluck().get();
    const before = count();
    raw.exec(`DELETE FROM search_keys; UPDATE key_state SET rules = 'older'`);
    closing(openReplica({ path, keyHex: KEY }));
    expect(count()).toBe(before);
    raw.close();
  });
});

describe('a search', () => {
  test('counts members, not keys, names each once and keeps to the order of keys', () => {
    // Every rotation of these names starts alike: three keys each in the same range.
    const { replica } = replicaOf(
      [1, 2, 3].map((n) => member(n, { lastName: 'Ann', firstName: `Anna Anne${n}` })),
    );
    const search = (limit: number) => replica.search({ key: 'nann', isPrefix: true }, limit);
    expect([search(2).length, search(3).length, search(9).length, search(0).length]).toEqual([2, 3, 3, 0]);
  });

  test('for a whole key takes no longer ones', () => {
    const { replica } = replicaOf([member(1, { lookupId: 'A1' }), member(2, { lookupId: 'A12' })]);
    expect(replica.search({ key: 'la1', isPrefix: false }, 9)).toEqual([memberId(1)]);
    expect(replica.search({ key: 'la1', isPrefix: true }, 9)).toEqual([memberId(1), memberId(2)]);
  });

  test('takes signs of LIKE and GLOB, quotes and the highest code points as what they are', () => {
    const { replica } = replicaOf([
      member(1, { lookupId: `a%b_c*'"` }),
      member(2, { lookupId: 'a\u{10FFFD}' }),
    ]);
    const search = (key: string) => replica.search({ key, isPrefix: true }, 9);
    expect([search(`la%b_c*'"`), search('la\u{10FFFD}'), search('l%'), search('l_')]).toEqual([
      [memberId(1)],
      [memberId(2)],
      [],
      [],
    ]);
  });
});
