import { beforeEach, expect, test } from 'vitest';
import { createShopDayStore } from '../../../../../renderer/features/shop-day/shop-day-store.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: ReturnType<typeof createShopDayStore>;
beforeEach(() => {
  core = createScriptedCore();
  store = createShopDayStore(core.calls);
});

const now = () => store.getState();
const day = (businessDay: string) => ({
  businessDay,
  today: '2026-11-23',
  store: { id: 's1', name: 'Katong' },
});

test('another day and another shop are asked for together; a slower earlier answer is dropped', async () => {
  void now().open();
  void now().choose('s2');
  void now().show('2026-11-20');
  expect(core.asked.map(({ input }) => input)).toEqual([
    { businessDay: null, storeId: null },
    { businessDay: null, storeId: 's2' },
    { businessDay: '2026-11-20', storeId: 's2' },
  ]);
  await core.asked[2]?.answer(day('2026-11-20'));
  await core.asked[0]?.answer(day('2026-11-23'));
  expect(now().shown?.businessDay).toBe('2026-11-20');
});

test('however much changes while the ledger is read, it is read once more', async () => {
  void now().open();
  for (let change = 0; change < 5; change += 1) void now().refresh();
  expect(core.asked).toHaveLength(1);
  await core.asked[0]?.answer(day('2026-11-23'));
  await settled();
  expect(core.asked).toHaveLength(2);
  await core.asked[1]?.answer(day('2026-11-23'));
  await settled();
  expect(core.asked).toHaveLength(2);
});

test('who leaves sees nothing of it again before it is asked anew', async () => {
  void now().open();
  now().leave();
  await core.asked[0]?.answer(day('2026-11-23'));
  expect(now().shown).toBeNull();
  void now().refresh();
  expect(core.asked).toHaveLength(2);
});
