import { afterEach, beforeEach, expect, test } from 'vitest';
import { endTestTill, makeFolder, openTestTill, seedFolder, type TestTill } from '../../../parts/till.ts';

let office: TestTill;
beforeEach(async () => {
  const dir = makeFolder();
  await seedFolder(dir);
  office = openTestTill(dir, { screen: 'office' });
  await office.signIn('manager');
});
afterEach(() => endTestTill(office));

test('the day that runs is the one of the shop in front, on whatever side of the earth the office is', async () => {
  const today = async (storeId: string, timeZone: string): Promise<string> => {
    await office.client['documents.save']({
      ...{ opId: office.opId(), kind: 'store', id: storeId, baseVersion: 0 },
      body: { storeId, version: 1, name: storeId, timeZone, cutOffHour: 4 },
    });
    const shown = await office.client['day.getShop']({ businessDay: null, storeId });
    expect(shown.businessDay).toBe(shown.today);
    return shown.today;
  };
  // 26 hours lie between them: at no moment is it the same day in both.
  const east = await today('far-east', 'Pacific/Kiritimati');
  const west = await today('far-west', 'Etc/GMT+12');
  expect(east > west).toBe(true);
});
