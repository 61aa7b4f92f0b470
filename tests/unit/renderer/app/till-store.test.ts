import { expect, test } from 'vitest';
import { createTillStore } from '../../../../renderer/app/till-store.ts';
import { createScriptedCore, settled } from '../scripted-core.ts';

const answer = async (
  core: ReturnType<typeof createScriptedCore>,
  from: number,
  view: unknown,
): Promise<void> => {
  await core.asked[from]?.answer(view);
  await core.asked[from + 1]?.answer('sync');
  await core.asked[from + 2]?.answer('scanner');
};

test('of two readings the later one counts, whichever answers first', async () => {
  const core = createScriptedCore();
  const store = createTillStore(core.calls);
  void store.getState().refresh();
  void store.getState().refresh();
  await answer(core, 3, 'new');
  await answer(core, 0, 'old');
  expect(store.getState()).toMatchObject({
    till: { status: 'shown', view: 'new' },
    sync: 'sync',
    scanner: 'scanner',
  });
});

test('a reading that fails later leaves what is shown; the first one says why', async () => {
  const core = createScriptedCore();
  const store = createTillStore(core.calls);
  void store.getState().refresh();
  await core.asked[0]?.refuse('till_damaged');
  expect(store.getState().till).toMatchObject({ status: 'failed', failure: { code: 'till_damaged' } });
  void store.getState().refresh();
  await answer(core, 3, 'view');
  void store.getState().refresh();
  await core.asked[6]?.refuse('core_stopped');
  await settled();
  expect(store.getState().till).toEqual({ status: 'shown', view: 'view' });
});

test('an event that comes behind its own answer is not overwritten when the other answers are there', async () => {
  const core = createScriptedCore();
  const store = createTillStore(core.calls);
  void store.getState().refresh();
  const [view, sync, scanner] = core.asked;
  await sync?.answer('sync as asked');
  store.getState().hearSync('newer sync' as never);
  await scanner?.answer('scanner as asked');
  store.getState().hearScanner('newer scanner' as never);
  await view?.answer('view');
  expect(store.getState()).toMatchObject({ sync: 'newer sync', scanner: 'newer scanner' });
});

test('an event of before the answer, as of a core that died meanwhile, gives way to it', async () => {
  const core = createScriptedCore();
  const store = createTillStore(core.calls);
  void store.getState().refresh();
  store.getState().hearSync('of the core before' as never);
  await answer(core, 0, 'view');
  expect(store.getState().sync).toBe('sync');
});

test('a preference that was chosen while the till is read again stays chosen', async () => {
  const core = createScriptedCore();
  const store = createTillStore(core.calls);
  void store.getState().refresh();
  await answer(core, 0, { preferences: { language: 'en' } });
  void store.getState().refresh();
  await core.asked[3]?.answer({ preferences: { language: 'en' } });
  store.getState().hearPreferences({ language: 'zh' } as never);
  await core.asked[4]?.answer('sync');
  await core.asked[5]?.answer('scanner');
  expect(store.getState().till).toMatchObject({ view: { preferences: { language: 'zh' } } });
});
