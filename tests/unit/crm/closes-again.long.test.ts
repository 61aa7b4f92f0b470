import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveShop } from '../../parts/live-shop.ts';

const DAY_MS = 86_400_000;

let shop: LiveShop;
beforeEach(async () => {
  shop = new LiveShop(null);
  await shop.open();
}, 60_000);
afterEach(() => shop.end());

test('a day that was closed seventy days ago is proven too once the line is back (N10)', async () => {
  await shop.lineDown();
  const days: string[] = [];
  for (let day = 0; day < 70; day += 1) {
    days.push((await shop.close()).businessDay);
    shop.realMs += DAY_MS;
  }
  await shop.lineUp();
  await shop.sync();
  const states = await Promise.all(days.map(async (day) => (await shop.look(day)).proof.state));
  expect(states.filter((state) => state !== 'equal')).toEqual([]);
}, 120_000);

test('a centre that was put back is shown every closed day again, and told again where to look (N10, N16)', async () => {
  const folder = join(shop.folder, 'centre');
  await shop.stamp(1);
  await shop.sync();
  await shop.lineDown();
  cpSync(folder, `${folder}.kept`, { recursive: true });
  await shop.lineUp();
  await shop.stamp(40);
  for (let day = 0; day < 10; day += 1) {
    await shop.close();
    await shop.sync();
    shop.realMs += DAY_MS;
  }
  const known = async (): Promise<unknown[]> => [
    await shop.sql('select count(*)::int as closes from closes'),
    await shop.sql(`select topic from inbox where kind = 'own_card'`),
  ];
  const before = await known();
  expect(before).toEqual([[{ closes: 10 }], [expect.anything()]]);
  await shop.lineDown();
  rmSync(folder, { recursive: true });
  renameSync(`${folder}.kept`, folder);
  await shop.lineUp();
  await shop.sync();
  expect(await known()).toEqual(before);
}, 120_000);
