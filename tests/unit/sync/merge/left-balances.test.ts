import { expect, test } from 'vitest';
import type { AccountRow } from '../../../../sync/model/card.ts';
import { CardType, type CardKind } from '../../../../sync/model/chain.ts';
import type { StaffId } from '../../../../sync/base/ids.ts';
import { OpBody, type OpBodyOf } from '../../../../sync/model/op.ts';
import { ruleFault } from '../../../../sync/merge/card-rules.ts';
import { roleNeeded } from '../../../../sync/merge/roles.ts';
import { isBacked } from '../../../../sync/merge/second-person.ts';
import { createdBody, createRowTable, makeOp, ON_CARD } from '../../../parts/ops.ts';

const second = { secondId: 'staff-2' as StaffId };
const FORFEITED: OpBodyOf<'balance.forfeited'> = {
  kind: 'balance.forfeited',
  ...ON_CARD,
  ...second,
  count: 3,
};
const PAID_OUT: OpBodyOf<'credit.paidOut'> = {
  kind: 'credit.paidOut',
  ...ON_CARD,
  ...second,
  creditMinor: 1_240,
};

test('only credit is paid out; anything may be forfeited', () => {
  const faultsOn = (kind: CardKind) =>
    [FORFEITED, PAID_OUT].map((body) =>
      ruleFault(body, {
        // Cast: of the account only its type is looked at.
        rows: { account: () => ({ cardTypeId: 'any' }) as unknown as AccountRow, entry: () => undefined },
        rules: CardType.parse({ cardTypeId: 'any', kind, version: 1, name: 'Any' }),
        isManager: true,
      }),
    );
  for (const kind of ['stamp', 'points', 'visits', 'coupon', 'discount'] as const)
    expect(faultsOn(kind)).toEqual([null, 'wrong_kind']);
  expect(faultsOn('credit')).toEqual([null, null]);
});

test('a manager books it, and whoever is named beside her is fit to stand by an erasure', () => {
  for (const body of [FORFEITED, PAID_OUT]) {
    expect(roleNeeded(body, 'active')).toBe('manager');
    const backedBy = (role: 'cashier' | 'supervisor', actorId = 'staff-1') =>
      isBacked({ actorId: actorId as StaffId, body }, () => role);
    expect([backedBy('cashier'), backedBy('supervisor'), backedBy('supervisor', 'staff-2')]).toEqual([
      ...[false, true, false],
    ]);
  }
});

test('nobody books it alone: without a second person it is no such op', () => {
  for (const { secondId, ...alone } of [FORFEITED, PAID_OUT] as const) {
    expect(OpBody.safeParse({ ...alone, secondId }).success).toBe(true);
    expect(OpBody.safeParse(alone).success).toBe(false);
  }
});

test('it takes what it says, also from somebody who is blocked, of which nobody is told', () => {
  const table = createRowTable();
  table.apply(makeOp(createdBody()));
  const { memberId } = ON_CARD;
  const blocked = { kind: 'member.state', memberId, state: 'blocked', epoch: 1, reason: '' } as const;
  table.apply(makeOp(blocked));
  table.apply(makeOp({ kind: 'stamp.added', ...ON_CARD, amountMinor: null, receiptNo: '', count: 5 }));
  const outcome = table.apply(makeOp(FORFEITED));
  expect(outcome).toMatchObject({ held: null, flags: [], tasks: [] });
  expect(table.accounts.get(ON_CARD.accountId)?.balance).toBe(2);
  // What tills spent apart from each other is an overdraft like any other.
  expect(table.apply(makeOp(FORFEITED))).toMatchObject({ held: null, flags: ['overdrawn'] });
});
