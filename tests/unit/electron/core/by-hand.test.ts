import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CardId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { DEFAULT_SPEND_POLICY } from '../../../../sync/model/spend-policy.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';
import { addTan } from './tan.ts';

let till: TestTill;
let cardId: CardId;
beforeEach(async () => {
  till = await startTestTill();
  ({ cardId } = await addTan(till));
});
afterEach(() => endTestTill(till));

const give = (points: number, opId = till.opId()) =>
  till.client['points.credit']({ opId, cardId, points, amountMinor: null, receiptNo: '', reason: 'sorry' });
const confirmedPending = async () => {
  const { members } = await till.client['members.lookup']({ text: 'Tan' });
  return members[0]?.cards[0]?.balance.pending;
};

test('by hand a cashier gives nothing, a supervisor 500 a day, a manager 5,000; what is refused books nothing', async () => {
  await expect(give(1)).rejects.toMatchObject({ code: 'not_allowed' });
  await till.signIn('supervisor');
  await give(300);
  await expect(give(201)).rejects.toMatchObject({ code: 'hand_limit' });
  expect(await confirmedPending()).toBe(300);
  await give(200);
  await expect(give(1)).rejects.toMatchObject({ code: 'hand_limit' });
  await till.signIn('manager');
  await expect(give(5_001)).rejects.toMatchObject({ code: 'hand_limit' });
  await give(5_000);
  await expect(give(1)).rejects.toMatchObject({ code: 'hand_limit' });
  expect(await confirmedPending()).toBe(5_500);
});

test('what was taken back counts no more, a purchase never did, and a press that came again is not counted twice', async () => {
  await till.signIn('supervisor');
  const opId = till.opId();
  await give(500, opId);
  await give(500, opId);
  await till.client['entries.undo']({ opId: till.opId(), undoesOpId: opId, reason: 'typed wrongly' });
  await give(500);
  await till.client['points.credit']({
    ...{ opId: till.opId(), cardId, points: null, amountMinor: 5_000, receiptNo: '1', reason: '' },
  });
  expect(await confirmedPending()).toBe(550);
});

test('the chain sets other limits', async () => {
  await till.signIn('manager');
  const [document] = await till.client['documents.list']({ kind: 'chain' });
  const { body: chain } = must(document, 'there is a chain');
  await till.client['documents.save']({
    ...{ opId: till.opId(), kind: 'chain', id: 'chain', baseVersion: 1 },
    body: { ...chain, spendPolicy: { ...DEFAULT_SPEND_POLICY, handPerDayManager: 10 } },
  });
  await expect(give(11)).rejects.toMatchObject({ code: 'hand_limit' });
  await give(10);
});
