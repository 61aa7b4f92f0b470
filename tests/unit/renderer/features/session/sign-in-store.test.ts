import { expect, test } from 'vitest';
import { createSignInStore } from '../../../../../renderer/features/session/sign-in-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';

function setUp() {
  const core = createScriptedCore();
  const outcomes: boolean[] = [];
  const store = createSignInStore({ core: core.calls, onOutcome: (isGood) => outcomes.push(isGood) });
  store.getState().choose('mei');
  store.getState().typePin('480617');
  return { core, store, outcomes };
}

test('a right PIN leaves nothing of itself behind', async () => {
  const { core, store, outcomes } = setUp();
  void store.getState().enter();
  expect(core.last().input).toEqual({ login: 'mei', pin: '480617' });
  await core.last().answer({});
  expect(store.getState()).toMatchObject({ signIn: { status: 'choosing' }, pin: '' });
  expect(outcomes).toEqual([true]);
});

test('a wrong PIN says so, is forgotten, and the next key starts the next try', async () => {
  const { core, store, outcomes } = setUp();
  void store.getState().enter();
  await core.last().refuse('pin_wrong');
  expect(store.getState()).toMatchObject({
    signIn: { status: 'failed', login: 'mei', failure: { code: 'pin_wrong' } },
    pin: '',
  });
  store.getState().typePin('1');
  expect(store.getState().signIn).toEqual({ status: 'typing', login: 'mei' });
  expect(outcomes).toEqual([false]);
});

test('one try at a time, and none without a PIN', () => {
  const { core, store } = setUp();
  void store.getState().enter();
  void store.getState().enter();
  store.getState().back();
  store.getState().choose('arun');
  void store.getState().enter();
  expect(core.asked).toHaveLength(1);
});

test('a refusal of an earlier person’s PIN says nothing about the one who is there now', async () => {
  const { core, store, outcomes } = setUp();
  void store.getState().enter();
  store.getState().choose('arun');
  store.getState().typePin('7');
  await core.last().refuse('pin_wrong');
  expect(store.getState()).toMatchObject({ signIn: { status: 'typing', login: 'arun' }, pin: '7' });
  expect(outcomes).toEqual([]);
});

test('a refusal of an earlier try does not end a later one of the same person', async () => {
  const { core, store } = setUp();
  void store.getState().enter();
  store.getState().choose('mei');
  store.getState().typePin('480617');
  void store.getState().enter();
  await core.asked[0]?.refuse('pin_wrong');
  expect(store.getState().signIn).toEqual({ status: 'busy', login: 'mei' });
  await core.asked[1]?.refuse('pin_locked');
  expect(store.getState().signIn).toMatchObject({ status: 'failed', failure: { code: 'pin_locked' } });
});
