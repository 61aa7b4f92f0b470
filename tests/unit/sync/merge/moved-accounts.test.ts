import { expect, test } from 'vitest';
import type { CardId, OpId } from '../../../../sync/base/ids.ts';
import type { OpBody } from '../../../../sync/model/op.ts';
import { createdBody, createRowTable, IDS, makeOp, ON_CARD } from '../../../parts/ops.ts';

const CARD_2 = '019a0000-0000-7000-8000-00000000c0c2' as CardId;

/** Everything that touches accounts, in an order in which none of it is held. */
const bodies = (firstStamp: OpId): OpBody[] => [
  createdBody(),
  { kind: 'stamp.added', ...ON_CARD, count: 3, amountMinor: null, receiptNo: '' },
  { kind: 'reward.redeemed', ...ON_CARD, rewardId: 'r', cost: 2 },
  { kind: 'entry.corrected', ...ON_CARD, correctsOpId: firstStamp, delta: -3, reason: '' },
  {
    kind: 'card.replaced',
    ...{ memberId: IDS.member, accountId: IDS.account, oldCardId: IDS.card, cardId: CARD_2 },
    ...{ cardNumber: '6035550000009999', reason: '' },
  },
];

test('an account changes only together with an entry or a card of the same number: by them it is found', () => {
  const table = createRowTable();
  const ops: ReturnType<typeof makeOp>[] = [];
  let accountChanges = 0;
  for (let at = 0; at < 5; at += 1) {
    const body = bodies((ops[1]?.opId ?? IDS.card) as OpId)[at] ?? createdBody();
    const op = makeOp(body);
    ops.push(op);
    const outcome = table.apply(op);
    expect([body.kind, outcome?.held]).toEqual([body.kind, null]);
    const changes = outcome?.held === null ? outcome.changes : [];
    for (const change of changes) {
      if (change.table !== 'account') continue;
      accountChanges += 1;
      const { accountId, seq } = change.row;
      const beside = changes.filter(({ table: name }) => name === 'entry' || name === 'card');
      expect(beside.map(({ row }) => row)).toContainEqual(expect.objectContaining({ accountId, seq }));
    }
  }
  expect(accountChanges).toBe(4);
});
