import { expect, test } from 'vitest';
import { patchFor } from '../../../../../renderer/features/members/segment-ticks.tsx';
import { isSegmentTag } from '../../../../../sync/model/segment.ts';

test.each([
  ['in', [], { add: ['in:a'], remove: [] }],
  ['in', ['out:a', 'vip'], { add: ['in:a'], remove: ['out:a'] }],
  ['out', ['in:a'], { add: ['out:a'], remove: ['in:a'] }],
  ['rules', ['in:a', 'out:a', 'in:b'], { add: [], remove: ['in:a', 'out:a'] }],
  ['rules', ['vip'], { add: [], remove: [] }],
] as const)('by hand %s from tags %j: at most one word about a segment is left', (way, tags, expected) => {
  expect(patchFor(way, 'a', tags).tags).toEqual(expected);
});

test('only words about segments are hidden among tags', () => {
  expect(['in:0190-a', 'out:b', 'in: love', 'indoor', 'in:', 'begin:a'].map(isSegmentTag)).toEqual([
    ...[true, true, false, false, false, false],
  ]);
});
