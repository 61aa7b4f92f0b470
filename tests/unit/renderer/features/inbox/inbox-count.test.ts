import { beforeEach, expect, test } from 'vitest';
import { createInboxCountStore } from '../../../../../renderer/features/inbox/inbox-count.ts';
import { createScriptedCore } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: ReturnType<typeof createInboxCountStore>;
let nowMs = 0;
beforeEach(() => {
  nowMs = 0;
  core = createScriptedCore();
  store = createInboxCountStore(core.calls, () => nowMs);
});
const open = (): number | null => store.getState().open;

test('the centre is asked once in half a minute, however much goes on', async () => {
  void store.getState().refresh();
  void store.getState().refresh();
  await core.last('inbox.count').answer({ open: 3 });
  expect([core.asked.length, open()]).toEqual([1, 3]);
  nowMs = 30_000;
  void store.getState().refresh();
  expect(core.asked.length).toBe(2);
});

test('what the list told meanwhile stands against a slower answer; without a line the number stays', async () => {
  void store.getState().refresh();
  store.getState().hear(1);
  await core.last('inbox.count').answer({ open: 3 });
  expect(open()).toBe(1);
  nowMs = 30_000;
  void store.getState().refresh();
  await core.last('inbox.count').answer({ open: null });
  expect(open()).toBe(1);
});

test('who signed out leaves no number, also not by an answer that comes late', async () => {
  void store.getState().refresh();
  store.getState().forget();
  await core.last('inbox.count').answer({ open: 3 });
  expect(open()).toBeNull();
});
