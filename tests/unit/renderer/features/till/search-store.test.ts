import { expect, test } from 'vitest';
import { createSearchStore } from '../../../../../renderer/features/till/search-store.ts';
import { makeHit } from '../../made.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

function setUp() {
  const core = createScriptedCore();
  const picked: [string, string | null][] = [];
  const store = createSearchStore({
    core: core.calls,
    onPick: (hit, cardNumber) => picked.push([hit.name, cardNumber]),
  });
  return { core, store, picked, ...store.getState() };
}
const found = (...names: string[]) => ({
  by: 'search',
  cardNumber: null,
  members: names.map((name) => makeHit({ name })),
  hasMore: false,
});

test('one question at a time: of what was typed meanwhile only the latest is asked', async () => {
  const { core, store, type } = setUp();
  type('t');
  type('ta');
  type('tan');
  expect(core.asked.map(({ input }) => input['text'])).toEqual(['t']);
  await core.last().answer(found('Tan', 'Teo'));
  expect(core.asked.map(({ input }) => input['text'])).toEqual(['t', 'tan']);
  await core.last().answer(found('Tan'));
  expect(store.getState().lookup).toMatchObject({ status: 'found', text: 'tan' });
});

test('Enter takes the first result', async () => {
  const { core, picked, type, take } = setUp();
  type('tan');
  await core.last().answer(found('Tan', 'Teo'));
  take();
  expect(picked).toEqual([['Tan', null]]);
});

test('Enter before the answer takes the first of the answer to what is typed, not of an older one', async () => {
  const { core, picked, type, take } = setUp();
  type('9111');
  type('91110001');
  take();
  await core.last().answer(found('Somebody else'));
  expect(picked).toEqual([]);
  await core.last().answer(found('Tan'));
  expect(picked).toEqual([['Tan', null]]);
});

test('typing on after Enter takes the wish back', async () => {
  const { core, picked, type, take } = setUp();
  type('ta');
  take();
  type('tan');
  await core.last().answer(found('Tay'));
  await core.last().answer(found('Tan'));
  expect(picked).toEqual([]);
});

test('arrows walk and Enter takes the marked line; a new answer marks the first again', async () => {
  const { core, store, picked, type, step, take } = setUp();
  type('t');
  await core.last().answer(found('Tan', 'Teo'));
  step(1);
  step(1);
  expect(store.getState().activeAt).toBe(1);
  take();
  type('te');
  await core.last().answer(found('Teo', 'Tey'));
  expect(store.getState().activeAt).toBe(0);
  expect(picked).toEqual([['Teo', null]]);
});

test('a card number that was typed comes along, so that its card stands in front', async () => {
  const { core, picked, type, take } = setUp();
  type('6035553882471315');
  await core.last().answer({ ...found('Tan'), by: 'card', cardNumber: '6035553882471315' });
  take();
  expect(picked).toEqual([['Tan', '6035553882471315']]);
});

test('an answer to a box that was cleared meanwhile is dropped', async () => {
  const { core, store, type, clear } = setUp();
  type('tan');
  clear();
  await core.last().answer(found('Tan'));
  expect(store.getState()).toMatchObject({ text: '', lookup: { status: 'idle' } });
});

test('clearing and typing anew asks anew, even while the old question is open', async () => {
  const { core, store, type, clear } = setUp();
  type('tan');
  clear();
  type('lim');
  await core.last().answer(found('Tan'));
  await core.last().answer(found('Lim'));
  expect(store.getState().lookup).toMatchObject({ text: 'lim' });
});

test('several members behind one scan wait for a choice', () => {
  const { store, picked, choose, take } = setUp();
  choose('+6591110009', [makeHit({ name: 'Mother' }), makeHit({ name: 'Son' })]);
  store.getState().step(1);
  take();
  expect(picked).toEqual([['Son', null]]);
});

test('a failed look-up says so, and the next key asks again', async () => {
  const { core, store, type } = setUp();
  type('t');
  await core.last().refuse('replica_damaged');
  expect(store.getState().lookup).toMatchObject({ status: 'failed', failure: { code: 'replica_damaged' } });
  type('ta');
  await settled();
  expect(core.asked).toHaveLength(2);
});

test('what was typed while a look-up failed is asked all the same', async () => {
  const { core, store, type } = setUp();
  type('t');
  type('tan');
  await core.last().refuse('core_restarted');
  expect(core.asked.map(({ input }) => input['text'])).toEqual(['t', 'tan']);
  await core.last().answer(found('Tan'));
  expect(store.getState().lookup).toMatchObject({ status: 'found', text: 'tan' });
});

test('a look-up that failed is not asked over and over; Enter asks it once more and takes the first', async () => {
  const { core, picked, type, take } = setUp();
  type('tan');
  await core.last().refuse('core_restarted');
  await settled();
  expect(core.asked).toHaveLength(1);
  take();
  await core.last().answer(found('Tan'));
  expect([core.asked.length, picked]).toEqual([2, [['Tan', null]]]);
});

test('somebody who arrives after the question opens by the Enter that was pressed before', async () => {
  const { core, store, picked, type, take, refresh } = setUp();
  type('tan');
  take();
  await core.last().answer({ ...found(), incomplete: 'arriving' });
  expect(store.getState().lookup).toMatchObject({ status: 'found', found: { incomplete: 'arriving' } });
  refresh();
  await core.last().answer(found('Tan'));
  expect(picked).toEqual([['Tan', null]]);
});

test('members that come in while the question is under way are asked for once more, and only while they come', async () => {
  const { core, store, type, refresh } = setUp();
  type('tan');
  refresh();
  await core.last().answer({ ...found(), incomplete: 'arriving' });
  expect(core.asked.map(({ input }) => input['text'])).toEqual(['tan', 'tan']);
  await core.last().answer(found('Tan'));
  refresh();
  expect(core.asked).toHaveLength(2);
  expect(store.getState().lookup).toMatchObject({ found: { members: [{ name: 'Tan' }] } });
});

const nobody = (askCentre?: 'now' | 'wanted', incomplete?: 'arriving') => ({
  ...found(),
  ...(askCentre && { askCentre }),
  ...(incomplete && { incomplete }),
});
const centreOf = ({ store }: ReturnType<typeof setUp>) => {
  const { lookup } = store.getState();
  return lookup.status === 'found' ? lookup.centre : lookup.status;
};
const centreCalls = ({ core }: ReturnType<typeof setUp>) =>
  core.asked.filter(({ method }) => method === 'members.lookupOnline').length;

test('a phone that nobody has here is asked for at the centre by itself; its holder opens for an Enter meanwhile', async () => {
  const parts = setUp();
  const { core, picked, type, take } = parts;
  type('91110001');
  await core.last().answer(nobody('now'));
  expect(centreOf(parts)).toBe('asking');
  take();
  expect(centreCalls(parts)).toBe(1);
  await core.last('members.lookupOnline').answer({ outcome: 'found', found: found('Tan') });
  expect([centreOf(parts), picked]).toEqual([undefined, [['Tan', null]]]);
});

test('without an Enter she stands in the list', async () => {
  const parts = setUp();
  parts.type('91110001');
  await parts.core.last().answer(nobody('now'));
  await parts.core.last().answer({ outcome: 'found', found: found('Tan') });
  expect(parts.picked).toEqual([]);
  expect(parts.store.getState().lookup).toMatchObject({ found: { members: [{ name: 'Tan' }] } });
});

test('what is no plain key is asked for when somebody presses Enter, and nobody is asked for twice', async () => {
  const parts = setUp();
  const { core, type, take } = parts;
  type('TAN-1');
  await core.last().answer(nobody('wanted'));
  expect([centreOf(parts), centreCalls(parts)]).toEqual([undefined, 0]);
  take();
  expect(centreOf(parts)).toBe('asking');
  await core.last().answer({ outcome: 'nobody', found: nobody('wanted') });
  expect(centreOf(parts)).toBe('nobody');
  take();
  expect(centreCalls(parts)).toBe(1);
});

test('where the centre did not answer, Enter asks once more', async () => {
  const parts = setUp();
  const { core, type, take } = parts;
  type('91110001');
  await core.last().answer(nobody('now'));
  await core.last().refuse('core_restarted');
  expect(centreOf(parts)).toBe('no_line');
  take();
  expect([centreOf(parts), centreCalls(parts)]).toEqual(['asking', 2]);
});

test('an answer about what is not typed any more is dropped', async () => {
  const parts = setUp();
  const { core, picked, type, take } = parts;
  type('91110001');
  await core.last().answer(nobody('now'));
  const late = core.last();
  take();
  type('tan');
  await core.last('members.lookup').answer(found('Teo'));
  await late.answer({ outcome: 'found', found: found('Tan') });
  expect([hitsIn(parts), picked]).toEqual([['Teo'], []]);
});

const hitsIn = ({ store }: ReturnType<typeof setUp>): string[] => {
  const { lookup } = store.getState();
  return lookup.status === 'found' ? lookup.found.members.map(({ name }) => name) : [];
};

test('while the first copy arrives the centre is asked once, and Enter still takes her when the copy brings her', async () => {
  const parts = setUp();
  const { core, picked, store, type, take } = parts;
  type('91110001');
  await core.last().answer(nobody('now', 'arriving'));
  take();
  await core.last('members.lookupOnline').answer({ outcome: 'nobody', found: nobody('now', 'arriving') });
  store.getState().refresh();
  await core.last('members.lookup').answer(nobody('now', 'arriving'));
  expect(centreCalls(parts)).toBe(1);
  store.getState().refresh();
  await core.last('members.lookup').answer(found('Tan'));
  expect(picked).toEqual([['Tan', null]]);
});
