import { expect, test } from 'vitest';
import { splitName } from '../../../../../sync/base/full-name.ts';

test.each([
  ['Tan, Wei Ling', 'Tan', 'Wei Ling'],
  [' Müller ,  Jörg ', 'Müller', 'Jörg'],
  ['陈伟', '陈', '伟'],
  ['王小明', '王', '小明'],
  ['欧阳娜娜', '欧阳娜娜', ''],
  ['Tan Wei Ling', 'Tan Wei Ling', ''],
  ['Siti  binte  Rahman', 'Siti binte Rahman', ''],
  ['Cher', 'Cher', ''],
  [',', ',', ''],
])('"%s" is last name "%s", first name "%s"', (text, lastName, firstName) => {
  expect(splitName(text)).toEqual({ lastName, firstName });
});
