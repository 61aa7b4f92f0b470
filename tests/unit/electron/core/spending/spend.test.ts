import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTill } from '../../../../../db/till/open.ts';
import { createTillSettings } from '../../../../../electron/core/till-settings.ts';
import type { CardView } from '../../../../../electron/contract/views.ts';
import type { CardTypeId } from '../../../../../sync/base/ids.ts';
import { must } from '../../../../../sync/base/must.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';

let till: TestTill;
afterEach(() => endTestTill(till));

async function enrolWithPoints(points: number): Promise<CardView> {
  await till.signIn('manager');
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', mobile: '9111 0001' },
    cardTypeId: 'points' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  const card = must(member.cards[0], 'enrolled with a card');
  const credit = {
    opId: till.opId(),
    cardId: card.cardId,
    points,
    amountMinor: null,
    receiptNo: '',
    reason: 'x',
  };
  await till.client['points.credit'](credit);
  return card;
}

const debit = (card: CardView, points: number): Promise<string> =>
  till.client['points.debit']({ opId: till.opId(), cardId: card.cardId, points, reason: '' }).then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );

test('without a line, what was earned here and not sent can be spent here, and not a unit more', async () => {
  till = await startTestTill();
  const card = await enrolWithPoints(100);
  expect(await debit(card, 60)).toBe('done');
  const { dir } = till;
  await till.core.close();
  till = openTestTill(dir);
  await till.signIn('manager');
  expect(await debit(card, 40)).toBe('done');
  expect(await debit(card, 1)).toBe('insufficient_balance');
});

test('what may have been sent is no longer the till’s alone to spend, also after a restart', async () => {
  till = await startTestTill();
  const card = await enrolWithPoints(100);
  const { dir } = till;
  await till.client['sync.run']({}).catch(() => undefined);
  await till.core.close();
  till = openTestTill(dir);
  await till.signIn('manager');
  expect(await debit(card, 1)).toBe('offline_too_long');
});

test('a grant pays in the transaction of its op, and a repeat pays once', async () => {
  till = await startTestTill();
  const card = await enrolWithPoints(100);
  const { dir } = till;
  await till.client['sync.run']({}).catch(() => undefined);
  await till.core.close();
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const holdId = '0190a000-0000-7000-8000-000000000001';
  createTillSettings(file.settings).setGrants({ [card.accountId]: { holdId, left: 30 } });
  file.close();
  till = openTestTill(dir);
  await till.signIn('manager');
  const order = { opId: till.opId(), cardId: card.cardId, points: 20, reason: '' };
  await till.client['points.debit'](order);
  await till.client['points.debit'](order);
  expect(await debit(card, 11)).toBe('offline_too_long');
  expect(await debit(card, 10)).toBe('done');
  expect(await debit(card, 1)).toBe('offline_too_long');
});
