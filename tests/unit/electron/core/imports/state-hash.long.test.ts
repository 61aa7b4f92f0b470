import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveShop } from '../../../../parts/live-shop.ts';
import { csv, rehearse, start, undo } from './files.ts';

const shop = new LiveShop(null);
beforeAll(() => shop.open());
afterAll(() => shop.end());

async function stateHash(): Promise<string> {
  const { client } = shop.till;
  // The second one brings back what the first one sent.
  for (let turn = 0; turn < 3; turn += 1) await client['sync.run']({});
  return (await client['till.verify']({})).stateHash;
}

const HEAD = ['full_name', 'mobile_number', 'lookup_id', 'notes', 'tags', 'marketing_materials_consent'];

test('an undone import leaves the confirmed rows as they were, to the bit', async () => {
  const { client } = shop.till;
  const base = csv(
    HEAD,
    ['Tan', '91110001', 'M-1', 'old', 'VIP', 'FALSE'],
    ['Lim', '91110002', 'M-2', '', '', 'TRUE'],
  );
  await start(client, await rehearse(client, base));
  const before = await stateHash();
  const file = csv(
    [...HEAD, 'membership_point'],
    ['Tan', '91110001', 'M-1', 'new', 'VIP;Early', 'TRUE', ''],
    ['Lim Ah', '91110002', 'M-2', 'x', '', 'FALSE', ''],
    ['Ng', '91110003', 'M-3', 'x', 'VIP', '', '120'],
  );
  const done = await start(client, await rehearse(client, file, { points: 'points' }));
  expect(done).toMatchObject({ state: 'done', counts: { create: 1, update: 2, done: 3, invalid: 0 } });
  expect(await stateHash()).not.toBe(before);
  expect(await undo(client, done)).toMatchObject({ state: 'undone', counts: { kept: 0 } });
  expect(await stateHash()).toBe(before);
});
