import { expect, test } from 'vitest';
import { problemOf } from '../../../../renderer/parts/attribute-problem.ts';

test.each([
  ['number', '9,5', 'number'],
  ['number', ' 9.5 ', null],
  ['number', '', null],
  ['day', '2026-02-30', 'day'],
  ['day', '2026-02-28', null],
  ['choice', 'Blue', 'text'],
  ['choice', 'Red', null],
  ['text', 'a\u0007', 'text'],
  ['text', '9,5', null],
] as const)('%s %j in a field of the chain’s own: what is wrong with it is %j', (type, typed, problem) => {
  const attribute = { attributeId: 'own', type, choices: ['Red'], isSensitive: false };
  expect(problemOf(attribute, typed)).toBe(problem);
});
