import { describe, expect, test } from 'vitest';
import { decideSpend } from '../../../../sync/spending/decide-spend.ts';
import { DEFAULT_SPEND_POLICY, type SpendPolicy } from '../../../../sync/model/spend-policy.ts';
import { freeAtCentre, trueBalance, type Scope } from './schedule-world.ts';
import { walkSchedules } from './schedules.ts';

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

/** What was looked at, for the log. */
const count = (scope: object, worlds: number): void =>
  void process.stdout.write(`${worlds} worlds of ${JSON.stringify({ ...scope, policy: undefined })}\n`);

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

  test.each([
    { tills: 2, balance: 1, earns: 1, grantsMax: 1, canCut: true },
    { tills: 2, balance: 0, earns: 2, grantsMax: 1, canCut: true },
    { tills: 2, balance: 1, earns: 0, grantsMax: 1, canCut: true, editsUp: 1 },
    { tills: 2, balance: 1, earns: 0, grantsMax: 1, putBacks: 1 },
    { tills: 2, balance: 0, earns: 1, grantsMax: 1, putBacks: 1, canCut: true },
    { tills: 2, balance: 1, earns: 0, grantsMax: 1, renewals: 1 },
  ])('nor where requests are cut, purchases edited, files put back: %o', (scope) => {
    const found = deepest({ ...scope, policy: policyWith(0, 100) });
    count(scope, found.worlds);
    expect(found.worlds).toBeGreaterThan(500);
    expect(found).toMatchObject({ overdraft: 0, way: [] });
    expect(found.freeMin).toBeGreaterThanOrEqual(0);
  });

  test('a purchase that is edited down takes at most what was taken back', () => {
    const scope = { tills: 2, balance: 0, earns: 1, grantsMax: 1, editsDown: 1, policy: policyWith(0, 100) };
    const found = deepest(scope);
    count(scope, found.worlds);
    expect(found.overdraft).toBe(1);
  });

  test('a till that was reported lost spends at most the grant that it has, and shows as that much overdraft', () => {
    const scope = { tills: 2, balance: 1, earns: 0, grantsMax: 2, losses: 1, policy: policyWith(0, 100) };
    const found = deepest(scope);
    count(scope, found.worlds);
    expect(found.overdraft).toBe(1);
  });

  test('a till that keeps its grant when its file is put back is found out', () => {
    const scope = { tills: 2, balance: 1, earns: 0, grantsMax: 1, putBacks: 1, keepsGrants: true };
    expect(deepest({ ...scope, policy: policyWith(0, 100) }).overdraft).toBeGreaterThan(0);
  });

  test('a rule that trusts the confirmed balance is found out', () => {
    const found = deepest({
      ...{ tills: 2, balance: 1, earns: 0, policy: policyWith(0, 50) },
      decide: (facts, policy) => decideSpend({ ...facts, grantLeft: facts.view }, policy),
    });
    expect(found.overdraft).toBeGreaterThan(0);
  });
});
