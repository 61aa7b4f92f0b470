import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFile } from '../../../../../db/open.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import { CodeColumn } from '../../../../../db/replica/register/code-column.ts';
import { maskOf } from '../../../../../db/replica/register/conditions.ts';
import { ReadNumbers } from '../../../../../db/replica/register/read-numbers.ts';
import type { ColumnView } from '../../../../../db/replica/register/register-columns.ts';
import { numberOf } from '../../../../../sync/model/list-tests.ts';
import { registerReader } from '../../../../../db/replica/register/register-reader.ts';
import { writeExtras } from '../../../../../sync/model/extras.ts';
import type { RegisterCondition } from '../../../../../sync/model/register.ts';
import { closing, KEY, tempFolder } from '../../files.ts';
import { member, rows } from '../../samples.ts';

const VALUES = ['41', '', 'n/a', '-3', '0'];
const column = 'custom:size';
const asked = [
  { column, op: 'filled' },
  { column, op: 'empty' },
  { column, op: 'between', from: null, to: 40 },
] as const satisfies RegisterCondition[];

test.each(asked)(
  'a text in a column of numbers is no value for “$op”, however many values the column has',
  (condition) => {
    const codes = new CodeColumn(VALUES.length);
    const numbers = new ReadNumbers(VALUES.length, (text) => numberOf('number', text));
    for (const [slot, value] of VALUES.entries()) {
      codes.setOne(slot, value);
      numbers.set(slot, value);
    }
    const ask = (view: ColumnView) =>
      maskOf(
        { table: { count: VALUES.length }, viewOf: () => view, nowMs: 0 },
        { match: 'all', rules: [condition] },
      );
    const held = ask({ is: 'codes', kind: 'number', column: codes, isCustom: true });
    const read = ask({ is: 'numbers', kind: 'number', values: numbers.values, isSigned: true });
    const wanted = { filled: [1, 0, 0, 1, 1], empty: [0, 1, 1, 0, 0], between: [0, 0, 0, 1, 1] };
    expect([[...held], [...read]]).toEqual([wanted[condition.op], wanted[condition.op]]);
  },
);

test('tags by which somebody was put into a segment are no words of hers in the list', () => {
  const path = join(tempFolder(), 'replica.db');
  const tags = ['in:wine', 'out:tea', 'vip'];
  const members = [member(1, { extras: writeExtras({ tags }) })];
  closing(openReplica({ path, keyHex: KEY })).apply(rows({ members }), {
    ...{ epoch: 'e', cursor: 1, isSettled: true },
  });
  const reader = registerReader(closing(openFile({ path, keyHex: KEY, file: 'replica' })));
  expect(reader.memberSlice(0, 1).map(({ facts }) => facts.tags)).toEqual([['vip']]);
});
