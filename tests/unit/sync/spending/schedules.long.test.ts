import { describe, expect, test } from 'vitest';
import { decideSpend } from '../../../../sync/spending/decide-spend.ts';
import { DEFAULT_SPEND_POLICY, type SpendPolicy } from '../../../../sync/model/spend-policy.ts';
import { freeAtCentre, trueBalance, walkSchedules, type Scope } from './schedules.ts';

const policyWith = (floor: number, grantPercent: number): SpendPolicy => ({
  ...DEFAULT_SPEND_POLICY,
  ...{ perSpend: floor, perAccount: floor, perTill: floor, grantPercent, grantMax: 2 },
});

/** The deepest overdraft of any schedule, and a way to it. */
function deepest(scope: Scope): {
  overdraft: number;
  freeMin: number;
  worlds: number;
  way: readonly string[];
} {
  let [overdraft, freeMin]: [number, number] = [0, scope.balance];
  let way: readonly string[] = [];
  const worlds = walkSchedules(scope, (world, led) => {
    freeMin = Math.min(freeMin, freeAtCentre(world));
    if (-trueBalance(world) <= overdraft) return;
    overdraft = -trueBalance(world);
    way = led();
  });
  return { overdraft, freeMin, worlds, way };
}

describe('every schedule of cut-off tills, lost answers and grants given back', () => {
  test.each([
    { tills: 2, balance: 1, earns: 1, grantPercent: 100, grantsMax: 1 },
    { tills: 2, balance: 2, earns: 0, grantPercent: 50 },
    { tills: 2, balance: 2, earns: 0, grantPercent: 100 },
    { tills: 3, balance: 1, earns: 0, grantPercent: 100, grantsMax: 1 },
    { tills: 2, balance: 3, earns: 0, grantPercent: 100, grantsMax: 1, canSplit: true },
  ])('without floor limits nothing is spent twice: %o', ({ grantPercent, ...scope }) => {
    const found = deepest({ ...scope, policy: policyWith(0, grantPercent) });
    expect(found.worlds).toBeGreaterThan(500);
    expect(found).toMatchObject({ overdraft: 0, way: [] });
    expect(found.freeMin).toBeGreaterThanOrEqual(0);
  });

  test.each([
    { tills: 2, balance: 2, floor: 1 },
    { tills: 3, balance: 1, floor: 1 },
    { tills: 2, balance: 2, floor: 2 },
  ])('with floor limits alone the overdraft is at most their sum: %o', ({ floor, ...scope }) => {
    const found = deepest({ ...scope, earns: 0, policy: policyWith(floor, 0) });
    expect(found.overdraft).toBeLessThanOrEqual(scope.tills * floor);
    // The walk does reach what the limits allow: an empty one would prove nothing.
    expect(found.overdraft).toBeGreaterThan(0);
  });

  test('with both, at most the floors and the grants of all tills', () => {
    const scope = { tills: 2, balance: 2, earns: 0, policy: policyWith(1, 50), grantsMax: 1 };
    expect(deepest(scope).overdraft).toBeLessThanOrEqual(2 * 1 + 2 * 2);
  });

  test('a rule that trusts the confirmed balance is found out', () => {
    const found = deepest({
      ...{ tills: 2, balance: 1, earns: 0, policy: policyWith(0, 50) },
      decide: (facts, policy) => decideSpend({ ...facts, grantLeft: facts.view }, policy),
    });
    expect(found.overdraft).toBeGreaterThan(0);
  });
});
