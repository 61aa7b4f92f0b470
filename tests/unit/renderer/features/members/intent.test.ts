import { expect, test } from 'vitest';
import { intentFor, type IntentCall } from '../../../../../renderer/features/members/intent.ts';

const stamp = (count: number) =>
  ({ method: 'stamps.add', input: { cardId: '01890000-0000-7000-8000-000000000002', count } }) as IntentCall;

test('the same press after one that failed keeps its op id: it may have been saved all the same', () => {
  const first = intentFor(stamp(1), { status: 'idle' });
  expect(intentFor(stamp(1), { status: 'failed', intent: first }).opId).toBe(first.opId);
});

test('another press, or one after a success, is a new act', () => {
  const first = intentFor(stamp(1), { status: 'idle' });
  expect(intentFor(stamp(2), { status: 'failed', intent: first }).opId).not.toBe(first.opId);
  expect(intentFor(stamp(1), { status: 'done', intent: first }).opId).not.toBe(first.opId);
});
