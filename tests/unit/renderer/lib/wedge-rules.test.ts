import { expect, test } from 'vitest';
import { toWedgeRules } from '../../../../renderer/lib/wedge-rules.ts';
import { makeRules } from '../features/scanners/made-devices.ts';

test('until the rules are known a scan is told by speed, in the system’s layout', () => {
  expect(toWedgeRules('603555', null)).toMatchObject({ prefix: null, layout: 'os', ownPrefixes: ['603555'] });
});

test('a pattern that is none matches nothing and stops no other rule; one that is holds for the whole text', () => {
  const rule = (pattern: string) => ({ symbologies: [], pattern, kind: 'wallet' as const });
  const { tenantRules = [] } = toWedgeRules(undefined, makeRules({ tenantRules: [rule('('), rule('W.')] }));
  expect(tenantRules.map(({ pattern }) => ['W1', 'xW1x'].map((text) => pattern.test(text)))).toEqual([
    [true, false],
  ]);
});
