import { beforeEach, expect, test } from 'vitest';
import { joinHistory } from '../../../../../renderer/features/members/aside-state.ts';
import { createAsideStore, type AsideStore } from '../../../../../renderer/features/members/aside-store.ts';
import type { EntryView } from '../../../../../electron/contract/views.ts';
import { newId, type CardTypeId, type MemberId } from '../../../../../sync/base/ids.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: AsideStore;
let saved: { name: string; text: string }[];
const [ann, ben] = [newId<MemberId>(), newId<MemberId>()];
const OF_ANN = { memberId: ann, scope: { kind: 'member', memberId: ann }, name: 'history.csv' } as const;
const COFFEE = 'coffee' as CardTypeId;
const SEGMENTS = { rfm: null, isDrawing: false, segments: [] };

beforeEach(() => {
  core = createScriptedCore();
  saved = [];
  store = createAsideStore({
    core: core.calls,
    saveStream: async ({ name }, pieces) => {
      let text = '';
      for await (const piece of pieces) text += piece;
      saved.push({ name, text });
    },
  });
});

async function answerNames(): Promise<void> {
  await core.last('documents.list').answer([{ id: 'vip', body: { version: 1, name: 'VIP' } }]);
  await core.last('attributes.list').answer([]);
}

test('segments are shown when all of it has come; what is refused is left out and nothing fails', async () => {
  void store.getState().read(ann);
  await core.last('segments.forMember').refuse('bug');
  expect(store.getState().aside).toBeNull();
  await answerNames();
  expect(store.getState().aside).toEqual({
    ...{ memberId: ann, segments: null, consents: null, receipts: null, favourite: null, ending: null },
    names: { 'groups vip': 'VIP' },
  });
});

test('an answer about somebody who is not on the screen any more is dropped', async () => {
  void store.getState().read(ann);
  const first = core.last('segments.forMember');
  await answerNames();
  void store.getState().read(ben);
  await first.answer(SEGMENTS);
  expect(store.getState().aside).toBeNull();
  await core.last('segments.forMember').answer(SEGMENTS);
  await answerNames();
  expect(store.getState().aside?.memberId).toBe(ben);
});

test('a member is asked for once, and again when something changed, with her consents', async () => {
  void store.getState().read(ann);
  void store.getState().read(ann);
  expect(core.asked.filter(({ method }) => method === 'segments.forMember')).toHaveLength(1);
  await core.last('segments.forMember').answer(SEGMENTS);
  await answerNames();
  const consents = { from: 'till', words: [] };
  void store.getState().readDetails(ann);
  await core.last('consents.list').answer(consents);
  await core.last('history.list').answer({ entries: [], hasMore: false });
  void store.getState().refresh();
  await core.last('segments.forMember').answer(SEGMENTS);
  await answerNames();
  expect(store.getState().aside?.consents).toEqual(consents);
  await core.last('consents.list').answer({ from: 'centre', words: [] });
  await core.last('history.list').answer({ entries: [], hasMore: false });
  expect(store.getState().aside?.consents?.from).toBe('centre');
});

test('a history is read piece by piece into one file; one that fails says so and saves nothing', async () => {
  store.getState().ask(OF_ANN);
  store.getState().say({ reason: 'she asked' });
  void store.getState().exportHistory();
  await settled();
  const ask = { scope: OF_ANN.scope, purpose: 'administration', reason: 'she asked' };
  expect(core.last('history.export').input).toEqual({ ...ask, after: null });
  await core.last('history.export').answer({ text: 'a', next: 7 });
  expect(core.last('history.export').input).toEqual({ ...ask, after: 7 });
  await core.last('history.export').answer({ text: 'b', next: null });
  expect([saved, store.getState().exporting.status]).toEqual([[{ name: 'history.csv', text: 'ab' }], 'done']);
  store.getState().ask(OF_ANN);
  store.getState().say({ reason: 'again' });
  void store.getState().exportHistory();
  await settled();
  await core.last('history.export').refuse('not_allowed');
  expect([saved.length, store.getState().exporting.status]).toEqual([1, 'failed']);
});

test('why a file goes out is kept until the file is whole; while it is made nothing changes it', async () => {
  const { ask, say, stopAsking, exportHistory } = store.getState();
  const saidNow = () => store.getState().asking?.reason;
  ask(OF_ANN);
  say({ reason: 'she asked' });
  void exportHistory();
  await settled();
  say({ reason: 'something else' });
  stopAsking();
  expect(saidNow()).toBe('she asked');
  await core.last('history.export').refuse('centre_unreachable');
  expect([saidNow(), store.getState().exporting.status]).toEqual(['she asked', 'failed']);
  void exportHistory();
  await settled();
  await core.last('history.export').answer({ text: 'a', next: null });
  expect([saidNow(), store.getState().exporting.status]).toEqual([undefined, 'done']);
});

test('what is said stays when her page is read and for the other file of it; with another member it is gone', async () => {
  const { ask, say, read } = store.getState();
  ask({ memberId: ann, scope: { kind: 'cardType', cardTypeId: COFFEE }, name: 'coffee.csv' });
  say({ reason: 'she asked', purpose: 'marketing' });
  void read(ann);
  ask(OF_ANN);
  // Hers alone has no choice of a purpose: none that was chosen for the other may go with it.
  expect(store.getState().asking).toMatchObject({
    ...{ name: 'history.csv', reason: 'she asked', purpose: 'administration' },
  });
  void read(ben);
  expect(store.getState().asking).toBeNull();
});

test('a file that is whole when another member is in front leaves her question alone', async () => {
  const { ask, say, read, exportHistory } = store.getState();
  void read(ann);
  ask(OF_ANN);
  say({ reason: 'she asked' });
  void exportHistory();
  await settled();
  void read(ben);
  ask({ ...OF_ANN, memberId: ben });
  say({ reason: 'so did he' });
  await core.last('history.export').answer({ text: 'a', next: null });
  expect(store.getState().asking?.reason).toBe('so did he');
});

test('of two readings of the same member only the later counts, whichever answers first', async () => {
  void store.getState().read(ann);
  await core.last('segments.forMember').answer(SEGMENTS);
  await answerNames();
  void store.getState().refresh();
  const early = core.last('segments.forMember');
  await answerNames();
  void store.getState().refresh();
  await core.last('segments.forMember').answer({ ...SEGMENTS, isDrawing: true });
  await answerNames();
  await early.answer(SEGMENTS);
  await settled();
  expect(store.getState().aside?.segments?.isDrawing).toBe(true);
});

const entryOf = (opId: string) => ({ opId }) as EntryView;

/** Her history as the core has it: number 0 is the newest. */
const rowsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_none, at) => entryOf(`e${from + at}`));
const shownIds = (history: readonly EntryView[]) =>
  joinHistory(history, store.getState().older).map(({ opId }) => opId);
const asksOfHistory = () => core.asked.filter(({ method }) => method === 'history.list');

test('older entries begin behind those that come with the member, and are somebody’s only', async () => {
  void store.getState().read(ann);
  void store.getState().readOlder(ann);
  expect(core.last('history.list').input).toEqual({ memberId: ann, only: 'all', after: 50, limit: 100 });
  await core.last('history.list').answer({ entries: rowsOf(50, 150), hasMore: true });
  void store.getState().readOlder(ann);
  const ofAnn = core.last('history.list');
  void store.getState().read(ben);
  await ofAnn.answer({ entries: rowsOf(50, 170), hasMore: false });
  expect(store.getState().older).toBeNull();
  void store.getState().readOlder(ann);
  expect(asksOfHistory()).toHaveLength(2);
});

test('after the next booking every older entry is still there once, and as it is by then', async () => {
  void store.getState().read(ann);
  void store.getState().readOlder(ann);
  await core.last('history.list').answer({ entries: rowsOf(50, 120), hasMore: false });
  void store.getState().rereadOlder(ann);
  expect(core.last('history.list').input).toMatchObject({ after: 50, limit: 100 });
  const entries = [entryOf('e49'), { ...entryOf('e50'), isCorrected: true }, ...rowsOf(51, 120)];
  await core.last('history.list').answer({ entries, hasMore: false });
  const ids = ['new', ...rowsOf(0, 120).map(({ opId }) => opId)];
  expect(shownIds([entryOf('new'), ...rowsOf(0, 49)])).toEqual(ids);
  expect(store.getState().older?.entries[1]?.isCorrected).toBe(true);
});

test('where nothing older is open, a booking reads nothing', () => {
  void store.getState().read(ann);
  void store.getState().rereadOlder(ann);
  expect(asksOfHistory()).toEqual([]);
});

test('more than the core gives at once is read in pieces; a press while it is read anew is not lost', async () => {
  void store.getState().read(ann);
  void store.getState().readOlder(ann);
  await core.last('history.list').answer({ entries: rowsOf(50, 150), hasMore: true });
  void store.getState().rereadOlder(ann);
  const overtaken = core.last('history.list');
  void store.getState().readOlder(ann);
  await core.last('history.list').answer({ entries: rowsOf(50, 250), hasMore: true });
  await overtaken.answer({ entries: rowsOf(50, 150), hasMore: true });
  expect(store.getState().older?.entries).toHaveLength(200);
  void store.getState().readOlder(ann);
  expect(core.last('history.list').input).toMatchObject({ after: 50, limit: 200 });
  await core.last('history.list').answer({ entries: rowsOf(50, 250), hasMore: true });
  expect(core.last('history.list').input).toMatchObject({ after: 250, limit: 100 });
  await core.last('history.list').answer({ entries: rowsOf(250, 260), hasMore: false });
  expect(shownIds(rowsOf(0, 50))).toEqual(rowsOf(0, 260).map(({ opId }) => opId));
});

test('older entries that could not be read say so; those that are open stay, and the next press reads on', async () => {
  void store.getState().read(ann);
  void store.getState().readOlder(ann);
  await core.last('history.list').refuse('bug');
  const failed = { entries: [], hasMore: true, failure: { code: 'bug' } };
  expect(store.getState().older).toMatchObject(failed);
  void store.getState().readOlder(ann);
  expect(core.last('history.list').input).toMatchObject({ after: 50, limit: 100 });
  await core.last('history.list').answer({ entries: rowsOf(50, 150), hasMore: true });
  expect(store.getState().older?.failure).toBeNull();
  void store.getState().readOlder(ann);
  await core.last('history.list').refuse('bug');
  expect([store.getState().older?.entries.length, store.getState().older?.failure?.code]).toEqual([
    100,
    'bug',
  ]);
});

test('every receipt can be reached: a press reads on, and a later reading keeps as many', async () => {
  void store.getState().read(ann);
  await core.last('segments.forMember').answer(SEGMENTS);
  await answerNames();
  void store.getState().readDetails(ann);
  expect(core.last('history.list').input).toEqual({ memberId: ann, only: 'receipts', after: 0, limit: 100 });
  await core.last('history.list').answer({ entries: rowsOf(0, 100), hasMore: true });
  expect(store.getState().aside?.receipts?.hasMore).toBe(true);
  void store.getState().readMoreReceipts(ann);
  await core.last('history.list').answer({ entries: rowsOf(0, 130), hasMore: false });
  expect(store.getState().aside?.receipts).toEqual({
    ...{ entries: rowsOf(0, 130), hasMore: false, failure: null },
  });
  void store.getState().readDetails(ann);
  expect(core.last('history.list').input).toMatchObject({ after: 0, limit: 200 });
});
