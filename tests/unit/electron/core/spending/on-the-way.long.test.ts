import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CardTypeId } from '../../../../../sync/base/ids.ts';
import { must } from '../../../../../sync/base/must.ts';
import { LiveShop } from '../../../../parts/live-shop.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';

let postgres: PostgresPart;
let shop: LiveShop;
beforeAll(async () => {
  postgres = await startPostgres();
  shop = new LiveShop(await postgres.createDatabase());
  await shop.open();
}, 60_000);
afterAll(async () => {
  await shop.end();
  await postgres.stop();
});

test('what was earned here a moment ago and is on its way is spent as soon as it has arrived', async () => {
  const { client, opId } = shop.till;
  const { cardId } = await client['members.add']({
    opId: opId(),
    draft: { lastName: 'Lim' },
    cardTypeId: 'points' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  const card = { cardId: must(cardId, 'enrolled with a card') };
  await shop.sync();
  await shop.lineDown();
  const credit = { points: 10, amountMinor: null, receiptNo: '', reason: 'x' };
  await client['points.credit']({ ...card, ...credit, opId: opId() });
  // It may have left, and no answer came.
  await expect(shop.sync()).rejects.toMatchObject({ code: 'centre_unreachable' });
  await shop.restartTill();
  await shop.lineUp();
  const debit = { ...card, opId: opId(), points: 10, reason: '' };
  const { member } = await shop.till.client['points.debit'](debit);
  expect(member.cards[0]?.balance).toMatchObject({ confirmed: 10, pending: -10 });
  await shop.sync();
  expect(await shop.sql('select balance from accounts where balance <> 0')).toEqual([]);
});
