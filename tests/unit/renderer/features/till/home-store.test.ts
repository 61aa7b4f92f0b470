import { expect, test } from 'vitest';
import { createHomeStore } from '../../../../../renderer/features/till/home-store.ts';
import { makeHit } from '../../made.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

test('what can be read is shown, though the other can not', async () => {
  const core = createScriptedCore();
  const store = createHomeStore(core.calls);
  void store.getState().refresh();
  await core.last('day.getFigures').refuse('bug');
  await core.last('members.listRecent').answer([makeHit({ name: 'Tan' })]);
  await settled();
  expect(store.getState()).toMatchObject({ recent: [{ name: 'Tan' }], figures: null });
});

test('after signing out nothing of the last person comes in late', async () => {
  const core = createScriptedCore();
  const store = createHomeStore(core.calls);
  void store.getState().refresh();
  store.getState().forget();
  await core.last('members.listRecent').answer([makeHit()]);
  await core.last('day.getFigures').refuse('signin_required');
  await settled();
  expect(store.getState().recent).toBeNull();
});
