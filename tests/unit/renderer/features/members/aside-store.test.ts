import { beforeEach, expect, test } from 'vitest';
import { joinHistory } from '../../../../../renderer/features/members/aside-state.ts';
import { createAsideStore, type AsideStore } from '../../../../../renderer/features/members/aside-store.ts';
import type { EntryView } from '../../../../../electron/contract/views.ts';
import { newId, type MemberId } from '../../../../../sync/base/ids.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: AsideStore;
let saved: { name: string; text: string }[];
const [ann, ben] = [newId<MemberId>(), newId<MemberId>()];
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
    ...{ memberId: ann, segments: null, consents: null, receipts: null, favourite: null },
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
  const scope = { kind: 'member', memberId: ann } as const;
  void store.getState().exportHistory(scope, 'history.csv');
  await settled();
  expect(core.last('history.export').input).toMatchObject({ after: null });
  await core.last('history.export').answer({ text: 'a', next: 7 });
  expect(core.last('history.export').input).toMatchObject({ after: 7 });
  await core.last('history.export').answer({ text: 'b', next: null });
  expect([saved, store.getState().exporting.status]).toEqual([[{ name: 'history.csv', text: 'ab' }], 'done']);
  void store.getState().exportHistory(scope, 'again.csv');
  await settled();
  await core.last('history.export').refuse('not_allowed');
  expect([saved.length, store.getState().exporting.status]).toEqual([1, 'failed']);
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

test('older entries follow those that came with the member, each once, and are somebody’s only', async () => {
  void store.getState().read(ann);
  void store.getState().readOlder(ann, 2);
  expect(core.last('history.list').input).toMatchObject({ memberId: ann, only: 'all', after: 2 });
  await core.last('history.list').answer({ entries: ['b', 'c'].map(entryOf), hasMore: true });
  void store.getState().readOlder(ann, 3);
  const late = core.last('history.list');
  await late.answer({ entries: ['c', 'd'].map(entryOf), hasMore: false });
  const shown = joinHistory(['new', 'a', 'b'].map(entryOf), store.getState().older);
  expect(shown.map(({ opId }) => opId)).toEqual(['new', 'a', 'b', 'c', 'd']);
  void store.getState().readOlder(ann, 5);
  const ofAnn = core.last('history.list');
  void store.getState().read(ben);
  await ofAnn.answer({ entries: [entryOf('e')], hasMore: false });
  expect(store.getState().older).toBeNull();
});
