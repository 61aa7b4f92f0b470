import { expect, test } from 'vitest';
import type { CoreClient } from '../../../../../electron/contract/index.ts';
import { createSavedFilterStore } from '../../../../../renderer/features/directory/saved-filter-store.ts';
import type { RegisterChoice, SavedFilter } from '../../../../../sync/model/register.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const choiceOf = (search: string): RegisterChoice => ({ filter: { match: 'all', rules: [] }, search });

/** A chain that keeps documents as the core does: the newest version, and only on top of the one before. */
function startStore() {
  const kept = new Map<string, SavedFilter>();
  const core = {
    'documents.list': () =>
      Promise.resolve([
        ...[...kept.values()].map((body) => ({ id: body.filterId, body })),
        { id: 'odd', body: { filterId: 'odd', of: 'a later program' } },
      ]),
    'documents.save': ({ id, baseVersion, body }: { id: string; baseVersion: number; body: SavedFilter }) => {
      if ((kept.get(id)?.version ?? 0) !== baseVersion) return Promise.reject(new Error('version_conflict'));
      kept.set(id, body);
      return Promise.resolve({});
    },
  } as unknown as CoreClient;
  return { store: createSavedFilterStore(core), kept };
}

test('a filter is kept under its name, and the same name replaces it on top of its version', async () => {
  const { store, kept } = startStore();
  expect(await store.getState().save('Quiet', choiceOf('tan'))).toBe(true);
  expect(await store.getState().save('Quiet', choiceOf('lim'))).toBe(true);
  expect(await store.getState().save('Loud', choiceOf('ng'))).toBe(true);
  const seen = store.getState().saved.map(({ name, version, search }) => ({ name, version, search }));
  expect(seen).toEqual([
    { name: 'Quiet', version: 2, search: 'lim' },
    { name: 'Loud', version: 1, search: 'ng' },
  ]);
  expect(kept.size).toBe(2);
});

test('somebody else was quicker: it says so, keeps theirs, and can be saved again after reading', async () => {
  const { store, kept } = startStore();
  await store.getState().save('Quiet', choiceOf('tan'));
  const [mine] = [...kept.values()];
  if (mine !== undefined) kept.set(mine.filterId, { ...mine, version: 2, search: 'theirs' });
  expect(await store.getState().save('Quiet', choiceOf('lim'))).toBe(false);
  expect(store.getState()).toMatchObject({ isBusy: false, failure: expect.anything() });
  expect([...kept.values()].map(({ search }) => search)).toEqual(['theirs']);
  await store.getState().load();
  expect(await store.getState().save('Quiet', choiceOf('lim'))).toBe(true);
});

test('a filter gets another name on top of the version that was seen, and is put away: nobody is offered it', async () => {
  const { store, kept } = startStore();
  await store.getState().save('Quiet', choiceOf('tan'));
  const [quiet] = store.getState().saved;
  if (quiet === undefined) throw new Error('it was saved');
  expect(await store.getState().rename(quiet, 'Silent')).toBe(true);
  const named = () => store.getState().saved.map(({ name, version, search }) => [name, version, search]);
  expect(named()).toEqual([['Silent', 2, 'tan']]);
  // What she saw is old: who renamed it keeps their word.
  expect(await store.getState().retire(quiet)).toBe(false);
  const [silent] = store.getState().saved;
  if (silent === undefined) throw new Error('it is still there');
  expect(await store.getState().retire(silent)).toBe(true);
  expect([named(), [...kept.values()].map(({ isRetired }) => isRetired)]).toEqual([[], [true]]);
});

test('one that was retired is not offered', async () => {
  const { store, kept } = startStore();
  await store.getState().save('Quiet', choiceOf('tan'));
  for (const [id, body] of kept) kept.set(id, { ...body, isRetired: true });
  await store.getState().load();
  expect(store.getState().saved).toEqual([]);
});

test('of two readings only the later counts, whichever answers first', async () => {
  const core = createScriptedCore();
  const store = createSavedFilterStore(core.calls);
  const filter = { version: 1, ...choiceOf('tan'), isRetired: false };
  void store.getState().load();
  const early = core.last('documents.list');
  void store.getState().load();
  await core
    .last('documents.list')
    .answer([{ id: 'new', body: { ...filter, filterId: 'new', name: 'New' } }]);
  await early.answer([]);
  expect(store.getState().saved.map(({ name }) => name)).toEqual(['New']);
});
