import { expect, test } from 'vitest';
import { Chain } from '../../../../sync/model/chain.ts';
import { DEFAULT_SPEND_POLICY } from '../../../../sync/model/spend-policy.ts';
import { ageLimitsOf, ageOf } from '../../../../renderer/parts/balance-age.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = 1_000 * HOUR_MS;
const LIMITS = { halfAfterHours: 24, noneAfterHours: 72 };

test.each([
  [-5, 'fresh'],
  [0, 'fresh'],
  [24, 'fresh'],
  [24.1, 'old'],
  [72, 'old'],
  [72.1, 'stale'],
])('a balance of %d hours ago is %s', (hours, age) => {
  expect(ageOf(NOW_MS - hours * HOUR_MS, NOW_MS, LIMITS)).toBe(age);
});

test('a balance is old from the hour on at which the chain lets a till spend less', () => {
  const spendPolicy = { ...DEFAULT_SPEND_POLICY, halfAfterHours: 2, noneAfterHours: 8 };
  const chain = Chain.parse({
    ...{ version: 1, name: 'Kopi', currency: 'SGD', currencyDecimals: 2, country: 'SG' },
    ...{ consentMode: 'pdpa', policyVersion: '1', cardPrefix: '603555', spendPolicy },
  });
  const limits = ageLimitsOf({ chain });
  expect([1, 3, 9].map((hours) => ageOf(NOW_MS - hours * HOUR_MS, NOW_MS, limits))).toEqual([
    'fresh',
    'old',
    'stale',
  ]);
  expect(ageLimitsOf({ chain: null })).toMatchObject(LIMITS);
});
