import { beforeEach, expect, test } from 'vitest';
import { memberAt } from '../../../../../renderer/features/directory/directory-state.ts';
import {
  createDirectoryStore,
  type DirectoryStore,
} from '../../../../../renderer/features/directory/directory-store.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: DirectoryStore;
let later: (() => void)[];

beforeEach(() => {
  core = createScriptedCore();
  later = [];
  store = createDirectoryStore({
    core: core.calls,
    schedule: (act) => {
      later.push(act);
      return () => (later = later.filter((each) => each !== act));
    },
  });
});

const READY = { isReady: true, progress: 1 };
const setUp = (isManager: boolean) => ({
  attributes: [],
  retired: [],
  ofCards: [],
  layout: { columns: ['name'], sort: { column: 'name', direction: 'up' } },
  values: {},
  isManager,
});
const totals = (members: number, state = READY) => ({ state, members, transactions: 0, active: 0, added: 0 });
const page = (total: number, isReady = true) => ({
  ...{ state: { ...READY, isReady }, total, order: isReady ? 'asked' : 'arrival', rows: [] },
});

async function opened(): Promise<void> {
  void store.getState().open();
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(1));
  await core.last('directory.page').answer(page(1));
}

test('of two readings of the figures only the later counts, whichever answers first', async () => {
  await opened();
  void store.getState().refresh();
  const early = [core.last('directory.setUp'), core.last('directory.totals')] as const;
  void store.getState().refresh();
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(3));
  await early[0].answer(setUp(true));
  await early[1].answer(totals(2));
  expect(store.getState().totals?.members).toBe(3);
});

test('of two questions only the later one’s rows count', async () => {
  await opened();
  store.getState().choose({ search: 'ta' });
  const early = core.last('directory.page');
  store.getState().choose({ search: 'tan' });
  await core.last('directory.page').answer(page(7));
  await early.answer(page(70));
  expect(store.getState().total).toBe(7);
});

test('who leaves the desk is told nothing more, and nothing is asked in the name of the next', async () => {
  await opened();
  void store.getState().refresh();
  const open = [core.last('directory.setUp'), core.last('directory.totals')] as const;
  const before = core.asked.length;
  store.getState().forget();
  await open[0].answer(setUp(true));
  await open[1].answer(totals(9));
  expect([store.getState().setup, store.getState().totals, core.asked.length]).toEqual([null, null, before]);
});

test('while the list is made it looks again, also when something changes meanwhile', async () => {
  void store.getState().open();
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(1));
  await core.last('directory.page').answer(page(1, false));
  expect(later).toHaveLength(1);
  later[0]?.();
  const prepared = core.last('directory.prepare');
  // A row changed while it asked.
  void store.getState().refresh();
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(1));
  await prepared.answer(READY);
  await settled();
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(2));
  await core.last('directory.page').answer(page(2));
  expect(store.getState()).toMatchObject({ order: 'asked', total: 2 });
});

test('a list that is finished while its first rows are read brings its figures and values too', async () => {
  void store.getState().open();
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(5, { isReady: false, progress: 0.9 }));
  await core.last('directory.page').answer(page(5));
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(6));
  expect(store.getState().totals).toMatchObject({ state: READY, members: 6 });
});

test('who stands in a row is known with her number, whichever columns are shown', async () => {
  void store.getState().open();
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(1));
  expect(core.last('directory.page').input['columns']).toEqual(['name', 'mobile']);
  const cells = { name: 'Tan', mobile: '+65 9111 0001' };
  await core
    .last('directory.page')
    .answer({ ...page(1), rows: [{ memberId: 'm1', cells, isPending: false }] });
  expect(memberAt(store.getState())).toEqual({ memberId: 'm1', name: 'Tan', mobile: '+65 9111 0001' });
});

test('a column that is retired while the page is open goes from it, and the order with it', async () => {
  await opened();
  const shoeSize = { attributeId: 'shoeSize', type: 'number' };
  void store.getState().refresh();
  await core.last('directory.setUp').answer({ ...setUp(true), attributes: [shoeSize] });
  await core.last('directory.totals').answer(totals(1));
  await core.last('directory.page').answer(page(1));
  const sort = { column: 'custom:shoeSize', direction: 'down' } as const;
  store.getState().setLayout({ columns: ['name', 'custom:shoeSize', 'email'], sort });
  await core.last('directory.page').answer(page(1));
  expect(store.getState().layout.sort).toEqual(sort);
  void store.getState().refresh();
  await core.last('directory.setUp').answer({ ...setUp(true), retired: [shoeSize] });
  await core.last('directory.totals').answer(totals(1));
  expect(store.getState().layout).toEqual({
    columns: ['name', 'email'],
    sort: { column: 'name', direction: 'up' },
  });
  expect(core.last('directory.page').input['sort']).toEqual({ column: 'name', direction: 'up' });
});

test('a segment binds the list, its conditions of before gone; taken off, everybody is asked for again', async () => {
  await opened();
  store.getState().choose({ search: 'tan' });
  await core.last('directory.page').answer(page(1));
  store.getState().mark('m1' as MemberId);
  const choice = { kind: 'segment', segmentId: 'wine' } as const;
  void store.getState().open({ choice, name: 'Wine' });
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(9));
  expect(core.last('directory.page').input).toMatchObject({ within: choice, search: '' });
  await core.last('directory.page').answer(page(4));
  expect([store.getState().total, store.getState().selected.size]).toEqual([4, 0]);
  store.getState().choose({ search: 'lim' });
  store.getState().widen();
  expect(core.last('directory.page').input).toMatchObject({ within: null, search: '' });
  await core.last('directory.page').answer(page(9));
  expect([store.getState().within, store.getState().total]).toEqual([null, 9]);
});

test('under the name of a segment there is nobody else, while it is asked for and when that fails', async () => {
  await opened();
  const row = { memberId: 'm1', cells: { name: 'Tan' }, isPending: false };
  void store.getState().refresh();
  await core.last('directory.setUp').answer(setUp(true));
  await core.last('directory.totals').answer(totals(1));
  const ofEverybody = core.last('directory.page');
  const choice = { kind: 'segment', segmentId: 'wine' } as const;
  void store.getState().open({ choice, name: 'Wine' });
  await ofEverybody.answer({ ...page(1), rows: [row] });
  expect([store.getState().total, store.getState().pages.size]).toEqual([0, 0]);
  await core.last('directory.setUp').refuse('bug');
  expect(store.getState()).toMatchObject({ total: 0, pages: new Map(), failure: expect.anything() });
});
