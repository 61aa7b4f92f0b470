import { expect, test } from 'vitest';
import { createSegmentsStore } from '../../../../../renderer/features/segments/segments-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';

test('lists that were asked for earlier and come later do not take a saved segment off again', async () => {
  const core = createScriptedCore();
  const store = createSegmentsStore(core.calls);
  void store.getState().refresh();
  const early = core.asked.slice(-4);
  void store.getState().refresh();
  const late = core.asked.slice(-4);
  const saved = { segment: { segmentId: 's' }, members: 3, isPending: true };
  const answers = async (calls: typeof early, all: object[]): Promise<void> => {
    for (const call of calls) await call.answer(call.method === 'segments.list' ? all : []);
  };
  await answers(late, [saved]);
  await answers(early, []);
  expect(store.getState().all).toEqual([saved]);
});
