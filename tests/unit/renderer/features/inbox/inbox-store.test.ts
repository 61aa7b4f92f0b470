import { beforeEach, expect, test } from 'vitest';
import type {
  HeldOpView,
  InboxItem,
  InboxPerson,
  InboxView,
} from '../../../../../electron/contract/inbox.ts';
import { choicesOf, isOffered, neighbourOf } from '../../../../../renderer/features/inbox/choices.ts';
import { textOf, toValues } from '../../../../../renderer/features/inbox/held-values.ts';
import { createInboxStore } from '../../../../../renderer/features/inbox/inbox-store.ts';
import { must } from '../../../../../sync/base/must.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const place = { tillId: 'till-1', name: 'Till 1', storeName: 'First', isOwn: true };
const makeItem = (id: string, changes: Partial<InboxItem> = {}): InboxItem => ({
  ...{ id, kind: 'clock_ahead', state: 'open', atMs: 1, place, seq: 7 },
  ...{ detail: { kind: 'clock_ahead', aheadMs: 1 }, people: [], sides: null, unit: null, actor: null },
  ...{ answers: ['keep'], answered: null },
  ...changes,
});
const person = (memberId: string): InboxPerson =>
  ({ memberId, name: memberId, cards: [] }) as unknown as InboxPerson;
const heldItem = makeItem('held', {
  ...{ kind: 'held_op', answers: ['repair', 'dismiss'] },
  detail: { kind: 'held_op', reason: 'bad_body', opKind: 'stamp.added' },
});
const heldOp = {
  ...{ seq: 7, opKind: 'stamp.added', reason: 'bad_body', fields: [] },
  ...{ wallMs: 1, businessDay: '2026-11-22', actorName: 'Mei', person: null, hopeless: null },
};
const view = (...items: InboxItem[]): InboxView => ({
  ...{ line: 'up', items, hasMore: false, open: items.length, own: { count: 0, ops: [] } },
});

let core: ReturnType<typeof createScriptedCore>;
let store: ReturnType<typeof createInboxStore>;
beforeEach(() => {
  core = createScriptedCore();
  store = createInboxStore(core.calls);
});
const state = () => store.getState();
async function opened(...items: InboxItem[]): Promise<void> {
  void state().open();
  await core.last('inbox.list').answer(view(...items));
}
const ask = (item: InboxItem, at = 0): void => state().ask(must(choicesOf(item)[at], 'a choice'));

test('opens with the first that waits; of a held one its form is read', async () => {
  await opened(makeItem('a'), heldItem);
  expect([state().chosenId, core.asked.length]).toEqual(['a', 1]);
  void state().choose('held');
  await core.last('inbox.getHeld').answer(heldOp);
  expect([core.last().input, state().held?.seq]).toEqual([{ seq: 7 }, 7]);
});

test('what the centre says of an item that was left does not take the place of the next', async () => {
  await opened(heldItem, makeItem('b'));
  const late = core.last('inbox.getHeld');
  void state().choose('b');
  await late.answer(heldOp);
  expect(state().held).toBeNull();
});

test('an answer goes with the PIN, which stays while the screen is open; then the next item is in front', async () => {
  const [a, b, c] = [makeItem('a'), makeItem('b'), makeItem('c')];
  await opened(a, b, c);
  void state().choose('b');
  ask(b);
  state().typePin('1234');
  void state().say(2);
  expect(core.last('inbox.answer').input).toEqual({
    ...{ id: 'b', pin: '1234', reason: '', answer: { action: 'keep' } },
  });
  await core.last('inbox.answer').answer({ ok: true });
  await core.last('inbox.list').answer(view(a, c));
  expect([state().chosenId, state().saying.status, state().pin]).toEqual(['c', 'idle', '1234']);
  state().leave();
  expect([state().pin, state().view]).toEqual(['', null]);
});

test('a refused answer stays open with its words; a wrong PIN is emptied', async () => {
  await opened(makeItem('a'));
  ask(makeItem('a'));
  state().typePin('1234');
  void state().say(2);
  void state().say(2);
  expect(core.asked.filter(({ method }) => method === 'inbox.answer')).toHaveLength(1);
  await core.last('inbox.answer').refuse('pin_wrong');
  expect([state().saying.status, state().pin]).toEqual(['failed', '']);
  state().typePin('4321');
  void state().say(2);
  expect(core.last('inbox.answer').input['pin']).toBe('4321');
});

test('nothing is read anew while she answers; the choice of one item is not that of another', async () => {
  await opened(makeItem('a'), makeItem('b'));
  ask(makeItem('a'));
  const asked = core.asked.length;
  await state().refresh();
  expect(core.asked).toHaveLength(asked);
  void state().choose('b');
  expect(state().saying.status).toBe('idle');
});

test('a pair is offered once for each of the two, and once as two people', () => {
  const item = makeItem('p', {
    kind: 'shared_mobile',
    answers: ['keep', 'merge'],
    people: [person('x'), person('y')],
  });
  const choices = choicesOf(item);
  expect(choices.map(({ word, into, hotkey }) => [word, into?.memberId, hotkey])).toEqual([
    ['keepApart', undefined, 'F2'],
    ['merge', 'x', 'F3'],
    ['merge', 'y', 'F4'],
  ]);
  expect(choicesOf(heldItem).map(({ needsReason }) => needsReason)).toEqual([false, true]);
});

test('arrows stop at the ends', () => {
  const items = [makeItem('a'), makeItem('b')];
  expect([neighbourOf(items, 'a', -1), neighbourOf(items, 'a', 1), neighbourOf(items, 'b', 1)]).toEqual([
    'a',
    'b',
    'b',
  ]);
  expect(neighbourOf([], null, 1)).toBeNull();
});

test('of a repair only what was changed goes along; money in minor units, what is none as it was typed', () => {
  const field = (path: string, kind: 'money' | 'count' | 'text', value: string | number | null) =>
    ({ path, kind, value, isWrong: false }) as const;
  const fields = [
    field('amountMinor', 'money', 250),
    field('count', 'count', 0),
    field('receiptNo', 'text', 'R1'),
  ];
  expect(textOf(must(fields[0], 'there'), 2)).toBe('2.50');
  expect(toValues(fields, { amountMinor: '2.50', count: '3', receiptNo: '' }, 2)).toEqual({
    count: '3',
    receiptNo: null,
  });
  expect(toValues(fields, { amountMinor: '12.5', count: 'x' }, 2)).toEqual({ amountMinor: 1250, count: 'x' });
});

test('while an answer is on its way nothing else is chosen, so that what comes of it stands where it belongs', async () => {
  const [a, b] = [makeItem('a'), makeItem('b')];
  await opened(a, b);
  ask(a);
  void state().say(2);
  void state().choose('b');
  expect([state().chosenId, state().saying.status]).toEqual(['a', 'busy']);
  const late = core.last('inbox.answer');
  void state().showTab('answered');
  await late.answer({ ok: true });
  expect([state().tab, state().saying.status]).toEqual(['answered', 'idle']);
});

test('a long list is read on page by page, and read anew as far as it was', async () => {
  void state().open();
  await core.last('inbox.list').answer({ ...view(makeItem('a'), makeItem('b')), hasMore: true, open: 3 });
  void state().more();
  await core.last('inbox.list').answer({ ...view(makeItem('a'), makeItem('b')), hasMore: true, open: 3 });
  expect(core.last('inbox.list').input).toEqual({ state: 'open', after: 'b' });
  await core.last('inbox.list').answer({ ...view(makeItem('c')), open: 3 });
  expect([state().view?.items.map(({ id }) => id), state().view?.hasMore]).toEqual([['a', 'b', 'c'], false]);
  void state().choose('c');
  void state().refresh();
  await core.last('inbox.list').answer({ ...view(makeItem('b'), makeItem('c')), hasMore: true, open: 3 });
  await core.last('inbox.list').answer({ ...view(), line: 'down' });
  // The line went between two pages: what is read stays, and so does what is in front.
  expect([state().view?.line, state().chosenId]).toEqual(['up', 'c']);
});

test('while a member of an item is looked at the list stays and the PIN does not', async () => {
  await opened(makeItem('a'), makeItem('b'));
  void state().choose('b');
  ask(makeItem('b'));
  state().typePin('1234');
  state().pause();
  expect([state().pin, state().saying.status, state().chosenId]).toEqual(['', 'idle', 'b']);
});

const inactive = (id: string): InboxItem =>
  makeItem(id, {
    ...{ kind: 'inactive_member', answers: ['keep', 'anonymise'] },
    detail: { kind: 'inactive_member', months: 24, lastAtMs: 1 },
  });
function backed(item: InboxItem): void {
  ask(item, 1);
  state().typeReason('gone');
  state().typePin('1234');
  state().typeSecond({ login: 'lead' });
  state().typeSecond({ pin: '264918' });
}

test('the second’s PIN is for one press about one person: whatever becomes of it, it is typed anew', async () => {
  const [a, b] = [inactive('a'), inactive('b')];
  await opened(a, b);
  backed(a);
  void state().say(2);
  await core.last('inbox.answer').refuse('centre_unreachable');
  expect([state().pin, state().second]).toEqual(['1234', { login: 'lead', pin: '' }]);
  for (const change of [
    () => void state().choose('b'),
    () => state().typeReason('other'),
    () => state().typeSecond({ login: 'boss' }),
  ]) {
    void state().choose('a');
    backed(a);
    change();
    expect(JSON.stringify(state())).not.toContain('264918');
  }
});

test('who was proposed goes by two people: the second’s PIN goes along for this one answer, and stays nowhere', async () => {
  const item = inactive('a');
  await opened(item);
  expect(choicesOf(item).map(({ needsSecond }) => needsSecond)).toEqual([false, true]);
  ask(item, 1);
  state().typeReason('gone');
  state().typePin('1234');
  state().typeSecond({ login: ' lead ' });
  state().typeSecond({ pin: '264918' });
  void state().say(2);
  expect(core.last('inbox.answer').input).toMatchObject({ second: { login: 'lead', pin: '264918' } });
  await core.last('inbox.answer').refuse('pin_wrong');
  expect([state().pin, state().second]).toEqual(['', { login: ' lead ', pin: '' }]);
  state().typeSecond({ pin: '264918' });
  ask(item, 0);
  state().typePin('1234');
  void state().say(2);
  expect(core.last('inbox.answer').input).not.toHaveProperty('second');
  expect(JSON.stringify(state())).not.toContain('264918');
});

test('whoever answers second reads what was decided and by whom, and the next item is in front', async () => {
  const [a, b] = [makeItem('a'), makeItem('b')];
  const said = { answer: 'keep', by: 'Lim', atMs: 5, reason: '' };
  const decided = makeItem('a', { state: 'answered', answered: said });
  await opened(a, b);
  ask(a);
  state().typePin('1234');
  void state().say(2);
  await core.last('inbox.answer').refuse('answered_already');
  expect(core.last('inbox.list').input).toEqual({ state: 'answered', id: 'a' });
  await core.last('inbox.list').answer(view(decided));
  await core.last('inbox.list').answer(view(b));
  expect(state()).toMatchObject({ outrun: { item: a, decided }, chosenId: 'b', pin: '1234' });
  expect(state().saying.status).toBe('idle');
  void state().choose('b');
  expect(state().outrun).toBeNull();
});

test('where the line went meanwhile she is still told that somebody was first', async () => {
  const a = makeItem('a');
  await opened(a);
  ask(a);
  void state().say(2);
  await core.last('inbox.answer').refuse('answered_already');
  await core.last('inbox.list').refuse('core_restarted');
  expect(state().outrun).toEqual({ item: a, decided: null });
});

test('to let a held op count is offered once its body was read, and not where the centre would refuse it', () => {
  const item = makeItem('h', { ...heldItem, answers: ['apply', 'dismiss'] });
  const offered = (held: HeldOpView | null) =>
    choicesOf(item)
      .filter((choice) => isOffered(choice, held))
      .map(({ action }) => action);
  // Cast: as the core says it.
  const known = heldOp as unknown as HeldOpView;
  expect(offered(null)).toEqual(['dismiss']);
  expect(offered(known)).toEqual(['apply', 'dismiss']);
  for (const hopeless of ['late_person', 'own_act', 'into_anonymised'] as const)
    expect(offered({ ...known, hopeless })).toEqual(['dismiss']);
});
