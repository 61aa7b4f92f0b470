import { beforeEach, expect, test } from 'vitest';
import { createLogStore } from '../../../../../renderer/features/log/log-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: ReturnType<typeof createLogStore>;
beforeEach(() => {
  core = createScriptedCore();
  store = createLogStore(core.calls);
});

const now = () => store.getState();
const page = (opIds: readonly string[], after: number | null) => ({
  entries: opIds.map((opId) => ({ opId })),
  after,
});
const ids = () => now().view?.entries.map(({ opId }) => opId);

test('a narrower list replaces what is shown, the next page stands behind it, and a slow answer is dropped', async () => {
  void now().open();
  void now().narrow({ person: 'mei' });
  await core.asked[1]?.answer(page(['a'], 7));
  await core.asked[0]?.answer(page(['slow'], null));
  expect(ids()).toEqual(['a']);
  void now().more();
  expect(core.asked[2]?.input).toMatchObject({ person: 'mei', after: 7 });
  await core.asked[2]?.answer(page(['b'], null));
  expect([ids(), now().view?.after]).toEqual([['a', 'b'], null]);
});

test('erasures are read when their part is opened; without a line nobody knows', async () => {
  void now().turnTo('erasures');
  expect([core.asked[0]?.method, now().erasures]).toEqual(['erasures.list', 'unread']);
  await core.asked[0]?.answer({ erasures: null });
  expect(now().erasures).toBeNull();
});
