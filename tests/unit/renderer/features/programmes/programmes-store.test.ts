import { expect, test } from 'vitest';
import type { CoreClient } from '../../../../../electron/contract/index.ts';
import { createProgrammesStore } from '../../../../../renderer/features/programmes/programmes-store.ts';
import { Tier } from '../../../../../sync/model/chain.ts';
import { makeCardType } from '../../made.ts';

const SCENE = { decimals: 2, today: '2026-11-22' };
const gold = Tier.parse({ tierId: 'Gold', version: 1, name: 'Gold', thresholdMinor: 50_000 });

/** A core that holds two card types and a tier, and answers trials and savings when it is told to. */
async function startStore() {
  const trials: ((trial: object) => void)[] = [];
  const saves: { input: Record<string, unknown>; done: () => void }[] = [];
  const documents: Record<string, object[]> = {
    'card-type': [
      makeCardType(),
      makeCardType({ cardTypeId: 'other' as ReturnType<typeof makeCardType>['cardTypeId'] }),
    ],
    tier: [gold],
  };
  const core = {
    'documents.list': ({ kind }: { kind: string }) =>
      Promise.resolve((documents[kind] ?? []).map((body) => ({ body }))),
    'documents.save': (input: Record<string, unknown>) =>
      new Promise<void>((resolve) => saves.push({ input, done: resolve })),
    'programmes.tryOn': () => new Promise((resolve) => trials.push(resolve)),
  } as unknown as CoreClient;
  const store = createProgrammesStore(core);
  await store.getState().open(SCENE);
  return { store, trials, saves };
}

test('a trial that was asked for before the form was changed is not shown', async () => {
  const { store, trials } = await startStore();
  const first = store.getState().tryOn();
  store.getState().edit({});
  const second = store.getState().tryOn();
  trials[1]?.({ purchases: 2 });
  await second;
  trials[0]?.({ purchases: 1 });
  await first;
  expect(store.getState().trial).toEqual({ purchases: 2 });
});

test('a tier in front stays there when documents are read again', async () => {
  const { store } = await startStore();
  store.getState().chooseTier('Gold');
  await store.getState().refresh();
  expect(store.getState().tierDraft?.texts.tierId).toBe('Gold');
});

test('a tier is saved as one version further with every earlier one, and nobody is called back to it', async () => {
  const { store, saves } = await startStore();
  store.getState().chooseTier('Gold');
  store.getState().editTier({ threshold: '600' });
  const saving = store.getState().saveTier();
  store.getState().choose('other');
  saves[0]?.done();
  await saving;
  const body = saves[0]?.input['body'] as Tier;
  expect(body).toMatchObject({ version: 2, validFrom: '2026-11-22', thresholdMinor: 60_000 });
  expect(body.earlier.map(({ version, thresholdMinor }) => [version, thresholdMinor])).toEqual([[1, 50_000]]);
  expect([store.getState().chosen?.cardTypeId, store.getState().tierDraft]).toEqual(['other', null]);
});
