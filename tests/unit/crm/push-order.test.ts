import { expect, test } from 'vitest';
import { createPushOrder, type PushRun } from '../../../crm/push-order.ts';

const run = (base: number, last: number, hiTseq = 0): PushRun => ({
  ...{ tillId: 'till-1', incarnation: 1 },
  ...{ base, last, hiTseq },
});

/** An order whose waiting ends when the test says so, and who had a turn. */
function openOrder() {
  const late = Promise.withResolvers<void>();
  const order = createPushOrder(() => late.promise);
  const turns: number[] = [];
  const enter = (entering: PushRun) => {
    const place = order.enter(entering);
    const turn = place.turn().then(() => void turns.push(entering.base));
    return { ...place, turned: turn };
  };
  /** All that is going to happen by itself has happened. */
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { enter, turns, settled, isLate: late.resolve };
}

test('a run that the centre can go on from has its turn at once', async () => {
  const { enter, turns } = openOrder();
  await enter(run(0, 500)).turned;
  await enter(run(500, 1_000, 500)).turned;
  expect(turns).toEqual([0, 500]);
});

test('a run that overtook the one before it has its turn after that was handed to the writer', async () => {
  const { enter, turns, settled } = openOrder();
  const third = enter(run(1_000, 1_500));
  const second = enter(run(500, 1_000));
  await settled();
  expect(turns).toEqual([]);
  const first = enter(run(0, 500));
  await settled();
  expect(turns).toEqual([0]);
  first.handed();
  await second.turned;
  expect(turns).toEqual([0, 500]);
  second.handed();
  await third.turned;
});

test('a run goes on right after one whose request has ended already', async () => {
  const { enter, turns } = openOrder();
  const first = enter(run(0, 500));
  first.handed();
  first.leave();
  await enter(run(500, 1_000)).turned;
  expect(turns).toEqual([0, 500]);
});

test('when the one before fails, the rules hear of the one after it', async () => {
  const { enter, turns, settled } = openOrder();
  const first = enter(run(0, 500));
  const second = enter(run(500, 1_000));
  await settled();
  expect(turns).toEqual([0]);
  first.leave();
  // Another may still come: the till sends it again.
  await settled();
  expect(turns).toEqual([0]);
  enter(run(0, 500)).handed();
  await second.turned;
});

test('after a run that failed, the next waits for the one that takes its place', async () => {
  const { enter, turns, settled } = openOrder();
  const first = enter(run(0, 500));
  first.handed();
  first.failed();
  first.leave();
  enter(run(500, 1_000));
  await settled();
  expect(turns).toEqual([0]);
  enter(run(0, 500)).handed();
  await settled();
  expect(turns).toEqual([0, 0, 500]);
});

test('one whose predecessor does not come waits for its time and no longer', async () => {
  const { enter, turns, settled, isLate } = openOrder();
  const second = enter(run(500, 1_000));
  enter({ ...run(0, 500), tillId: 'till-2' }).handed();
  enter({ ...run(0, 500), incarnation: 2 }).handed();
  await settled();
  expect(turns).not.toContain(500);
  isLate();
  await second.turned;
});
