import { expect, test } from 'vitest';
import type { AccountRow } from '../../../../sync/model/card.ts';
import { CardType } from '../../../../sync/model/chain.ts';
import type { OpBody } from '../../../../sync/model/op.ts';
import { ruleFault } from '../../../../sync/merge/card-rules.ts';

const rules = CardType.parse({
  ...{ cardTypeId: 'points', kind: 'points', version: 1, name: 'Points' },
  ...{ earnPoints: 1, earnPerMinor: 100, earnMaxPerDay: 250 },
  tierFactors: [{ tierId: 'gold', percent: 300 }],
});
// Cast: of the account only its type is looked at.
const rows = { account: () => ({ cardTypeId: 'points' }) as AccountRow, entry: () => undefined };
const fault = (amountMinor: number, points: number, tier?: string): string | null => {
  const on = { memberId: 'm', cardId: 'c', accountId: 'a', cardTypeVersion: 1, receiptNo: '', reason: '' };
  const body = { kind: 'points.credited', ...on, amountMinor, points, ...(tier && { tier }) };
  return ruleFault(body as unknown as OpBody, { rows, rules, isManager: false });
};

test('a tier counts as the till says, and only as much as the version gives it; the day has its limit', () => {
  expect([fault(1_000, 10), fault(1_000, 11)]).toEqual([null, 'beyond_rule']);
  expect([fault(1_000, 30, 'gold'), fault(1_000, 31, 'gold')]).toEqual([null, 'beyond_rule']);
  expect(fault(1_000, 11, 'platinum')).toBe('beyond_rule');
  expect([fault(90_000, 250), fault(90_000, 251)]).toEqual([null, 'beyond_rule']);
});
