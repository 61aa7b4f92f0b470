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

test('nothing stands behind what is shown until the narrower list is there', async () => {
  void now().open();
  await core.asked[0]?.answer(page(['a'], 7));
  void now().narrow({ person: 'mei' });
  expect(now().view?.after).toBeNull();
  await now().more();
  expect(core.asked).toHaveLength(2);
  await core.asked[1]?.answer(page(['m'], 9));
  expect([ids(), now().view?.after]).toEqual([['m'], 9]);
});

test('what was sent meanwhile and comes again from the centre stands once', async () => {
  void now().open();
  await core.asked[0]?.answer(page(['unsent', 'a'], 7));
  void now().more();
  await core.asked[1]?.answer(page(['b', 'unsent'], null));
  expect(ids()).toEqual(['unsent', 'a', 'b']);
});

test('the first page is read anew when it is told to, and not under somebody who is further down', async () => {
  await now().refresh();
  expect(core.asked).toEqual([]);
  void now().open();
  await core.asked[0]?.answer(page(['a'], 7));
  void now().refresh();
  await core.asked[1]?.answer(page(['a', 'b'], 7));
  expect(ids()).toEqual(['a', 'b']);
  void now().more();
  void now().refresh();
  await core.asked[2]?.answer(page(['c'], null));
  void now().refresh();
  expect([ids(), core.asked.length]).toEqual([['a', 'b', 'c'], 3]);
  void now().narrow({ kind: 'stamp.added' });
  await core.asked[3]?.answer(page(['d'], null));
  void now().refresh();
  expect(core.asked).toHaveLength(5);
  void now().turnTo('erasures');
  void now().refresh();
  expect(core.asked).toHaveLength(6);
});

test('sign-ins are read page by page when their part is opened, and nothing of them stays behind', async () => {
  void now().turnTo('signIns');
  expect(core.asked[0]).toMatchObject({ method: 'signIns.list', input: { beforeNo: null } });
  await core.asked[0]?.answer({ lines: [{ signInNo: 9 }], nextNo: 9 });
  void now().moreSignIns();
  expect(core.asked[1]?.input).toEqual({ kind: 'pins', beforeNo: 9 });
  await core.asked[1]?.answer({ lines: [{ signInNo: 8 }], nextNo: null });
  expect(now().signIns?.lines.map(({ signInNo }) => signInNo)).toEqual([9, 8]);
  await now().moreSignIns();
  expect(core.asked).toHaveLength(2);
  void now().turnTo('looks');
  expect(now().signIns).toBeNull();
  expect(core.asked[2]?.input).toEqual({ kind: 'looks', beforeNo: null });
  await core.asked[2]?.answer({ lines: [{ signInNo: 7 }], nextNo: null });
  expect(now().signIns?.lines).toEqual([{ signInNo: 7 }]);
  now().leave();
  expect(now().signIns).toBeNull();
});
