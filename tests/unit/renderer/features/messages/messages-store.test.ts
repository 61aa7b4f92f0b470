import { beforeEach, expect, test } from 'vitest';
import { createMessagesStore } from '../../../../../renderer/features/messages/messages-store.ts';
import { EMPTY_DRAFT, problemsOf } from '../../../../../renderer/features/messages/template-draft.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { textSum } from '../../../../../sync/model/message.ts';
import type { MessageTemplate } from '../../../../../sync/model/template.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

const memberId = '01990000-0000-7000-8000-000000000001' as MemberId;
const template = (templateId: string): MessageTemplate => ({
  ...{ templateId, version: 3, name: templateId, channel: 'sms', purpose: 'service', subject: '' },
  ...{ body: 'Hi {{name}}', isRetired: false },
});
const document = (body: object, id: string) => ({ kind: 'template', id, body, isPending: false });

let core: ReturnType<typeof createScriptedCore>;
let store: ReturnType<typeof createMessagesStore>;

beforeEach(async () => {
  core = createScriptedCore();
  store = createMessagesStore(core.calls);
  void store.getState().open({ kind: 'member', memberId, name: 'Tan' });
  await settled();
  await core
    .last('documents.list')
    .answer([document(template('one'), 'one'), document(template('two'), 'two')]);
  await core.last('documents.list').answer([]);
  await core.last('documents.list').answer([]);
  await core.last('messages.list').answer({ line: 'up', channels: [], waiting: [], messages: [] });
});

const NOBODY = { willGet: 0, willNot: [{ reason: 'no_consent', count: 1 }] };

test('of two counts under way the one of the latest choice is shown, whichever comes last', async () => {
  void store.getState().choose('one');
  const early = core.last('messages.count');
  void store.getState().choose('two');
  await core.last('messages.count').answer({ willGet: 1, willNot: [] });
  await early.answer(NOBODY);
  expect(store.getState().count).toEqual({ willGet: 1, willNot: [] });
});

test('what could not be counted is counted again as soon as the page is read anew, or nothing could be sent', async () => {
  void store.getState().choose('one');
  await core.last('messages.count').refuse('core_restarted');
  void store.getState().refresh();
  await core.last('documents.list').answer([document(template('one'), 'one')]);
  await core.last('documents.list').answer([]);
  await core.last('documents.list').answer([]);
  const counts = core.asked.filter(({ method }) => method === 'messages.count');
  expect(counts).toHaveLength(2);
  await counts[1]?.answer({ willGet: 1, willNot: [] });
  expect(store.getState().count).toEqual({ willGet: 1, willNot: [] });
});

test('a press whose answer was lost is the same intent when it is pressed again; the next message is another', async () => {
  void store.getState().choose('one');
  await core.last('messages.count').answer({ willGet: 1, willNot: [] });
  void store.getState().send();
  const first = core.last('messages.send');
  await store.getState().send();
  expect(core.asked.filter(({ method }) => method === 'messages.send')).toHaveLength(1);
  await first.refuse('core_restarted');
  expect(store.getState().act.status).toBe('failed');
  void store.getState().send();
  const second = core.last('messages.send');
  expect([second === first, second.input['opId']]).toEqual([false, first.input['opId']]);
  const text = { templateId: 'one', templateVersion: 3, templateSum: textSum(template('one')) };
  expect(second.input).toMatchObject({ ...text, memberId, segmentId: '' });
  await second.answer({ opId: second.input['opId'] });
  expect(store.getState().act).toEqual({ status: 'sent', name: 'one' });
  store.setState({ templateId: 'two', act: { status: 'idle' } });
  void store.getState().send();
  expect(core.last('messages.send').input['opId']).not.toBe(first.input['opId']);
});

test('a lost answer, then another choice: she is told that the first was sent, and what she chose is not stuck behind it', async () => {
  void store.getState().choose('one');
  void store.getState().send();
  const first = core.last('messages.send');
  await first.refuse('core_restarted');
  void store.getState().choose('two');
  void store.getState().send();
  const second = core.last('messages.send');
  expect(second.input['opId']).toBe(first.input['opId']);
  await second.refuse('op_id_reused');
  expect(store.getState().act).toMatchObject({ status: 'failed', failure: { code: 'op_id_reused' } });
  void store.getState().send();
  expect(core.last('messages.send').input['opId']).not.toBe(first.input['opId']);
});

test('a template is saved only when every field can stay as it is', () => {
  const whole = { ...EMPTY_DRAFT, name: 'News', subject: 'Hello', body: 'Dear {{name}}' };
  expect(problemsOf(whole)).toEqual([]);
  expect(problemsOf(EMPTY_DRAFT)).toEqual(['name', 'subject', 'body']);
  expect(problemsOf({ ...whole, subject: '{{pin}}' })).toEqual(['subject']);
  expect(problemsOf({ ...whole, channel: 'sms', subject: '' })).toEqual([]);
});

test('lists that were asked for earlier and come later do not stand over newer ones', async () => {
  void store.getState().refresh();
  const early = core.last('documents.list');
  void store.getState().refresh();
  const late = core.last('documents.list');
  const answerAll = async (first: typeof early, state: string): Promise<void> => {
    await first.answer([]);
    await core.last('documents.list').answer([]);
    await core.last('documents.list').answer([]);
    await core.last('documents.list').answer([]);
    await core.last('messages.list').answer({ line: 'up', channels: [], waiting: [], messages: [], state });
  };
  await answerAll(late, 'late');
  const lists = core.asked.filter(({ method }) => method === 'messages.list').length;
  await early.answer([]);
  await core.last('documents.list').answer([]);
  await core.last('documents.list').answer([]);
  expect(core.asked.filter(({ method }) => method === 'messages.list')).toHaveLength(lists);
  expect(store.getState().view).toMatchObject({ state: 'late' });
});

test('a template is put away as its next version: it can be chosen no more, and what went out goes on to name it', async () => {
  void store.getState().choose('one');
  const [one] = store.getState().templates;
  if (one === undefined) throw new Error('it was read');
  void store.getState().retire(one);
  expect(core.last('documents.save').input).toMatchObject({
    ...{ kind: 'template', id: 'one', baseVersion: 3 },
    body: { isRetired: true },
  });
  await core.last('documents.save').answer({});
  const retired = { ...template('one'), version: 4, isRetired: true };
  await core.last('documents.list').answer([document(retired, 'one'), document(template('two'), 'two')]);
  await core.last('documents.list').answer([]);
  await core.last('documents.list').answer([]);
  expect(store.getState().templates.map(({ templateId }) => templateId)).toEqual(['two']);
  expect(store.getState()).toMatchObject({ templateId: '', names: { one: { name: 'one' } } });
});

const filtersOf = (...saved: { filterId: string }[]) => saved.map((each) => document(each, each.filterId));

test('a saved filter is asked for by its id where a segment would be, and named where it went out', async () => {
  const filterId = '01990000-0000-7000-8000-0000000000f1';
  const rule = { column: 'city', op: 'is', text: 'Katong' };
  const filter = { match: 'all', rules: [rule] };
  const saved = { filterId, version: 1, name: 'Katong', filter, search: '', isRetired: false };
  const gone = { ...saved, filterId: 'gone', name: 'Gone', isRetired: true };
  const open = { ...saved, filterId: 'open', name: 'Everybody', filter: { match: 'all', rules: [] } };
  void store.getState().refresh();
  await core.last('documents.list').answer([document(template('one'), 'one')]);
  await core.last('documents.list').answer([]);
  expect(core.last('documents.list').input).toEqual({ kind: 'filter' });
  await core.last('documents.list').answer(filtersOf(saved, gone, open));
  expect(store.getState().filters.map(({ name }) => name)).toEqual(['Katong']);
  expect(store.getState().names).toMatchObject({ [filterId]: { name: 'Katong' }, gone: { name: 'Gone' } });
  void store.getState().choose('one');
  void store.getState().aim({ kind: 'filter', filterId, version: 1 });
  const asked = { templateId: 'one', memberId: null, segmentId: filterId, filterVersion: 1 };
  expect(core.last('messages.count').input).toEqual(asked);
  await core.last('messages.count').answer({ willGet: 3, willNot: [] });
  void store.getState().send();
  expect(core.last('messages.send').input).toMatchObject(asked);
});

const KATONG = {
  ...{ filterId: 'katong', version: 1, name: 'Katong', search: 'kat', isRetired: false },
  filter: { match: 'all', rules: [] },
};
async function readAnew(...filters: (typeof KATONG)[]): Promise<void> {
  void store.getState().refresh();
  await core.last('documents.list').answer([document(template('one'), 'one')]);
  await core.last('documents.list').answer([]);
  await core.last('documents.list').answer(filtersOf(...filters));
}
async function aimedAtKatong(): Promise<void> {
  await readAnew(KATONG);
  void store.getState().choose('one');
  void store.getState().aim({ kind: 'filter', filterId: 'katong', version: 1 });
}
const counts = () => core.asked.filter(({ method }) => method === 'messages.count').length;

test('a filter that was saved anew is counted anew, and until then nothing can be sent', async () => {
  await aimedAtKatong();
  await core.last('messages.count').answer({ willGet: 3, willNot: [] });
  await readAnew(KATONG);
  expect(store.getState().count?.willGet).toBe(3);
  await readAnew({ ...KATONG, version: 2 });
  expect(store.getState().count).toBeNull();
  expect(core.last('messages.count').input).toMatchObject({ segmentId: 'katong', filterVersion: 2 });
  await core.last('messages.count').answer({ willGet: 900, willNot: [] });
  void store.getState().send();
  expect(core.last('messages.send').input).toMatchObject({ segmentId: 'katong', filterVersion: 2 });
});

test('whom a message was for is chosen no more once that filter or segment was put away', async () => {
  await aimedAtKatong();
  await core.last('messages.count').answer({ willGet: 3, willNot: [] });
  await readAnew({ ...KATONG, isRetired: true });
  expect(store.getState()).toMatchObject({ target: null, count: null });
  void store.getState().aim({ kind: 'segment', segmentId: 'gone' });
  await core.last('messages.count').answer({ willGet: 3, willNot: [] });
  await readAnew(KATONG);
  expect(store.getState()).toMatchObject({ target: null, count: null });
});

test('what nobody could count is counted again as soon as the page is read anew', async () => {
  await aimedAtKatong();
  await core.last('messages.count').answer({ willGet: null, willNot: [] });
  const before = counts();
  await readAnew(KATONG);
  expect(counts()).toBe(before + 1);
  await core.last('messages.count').answer({ willGet: 3, willNot: [] });
  await readAnew(KATONG);
  expect(counts()).toBe(before + 1);
});

async function readTextAnew(text: MessageTemplate): Promise<void> {
  void store.getState().refresh();
  await core.last('documents.list').answer([document(text, 'one')]);
  await core.last('documents.list').answer([]);
  await core.last('documents.list').answer([]);
}
const sent = () => core.asked.filter(({ method }) => method === 'messages.send').length;
/** Of the same number, as two tills that wait for the line have one. */
const THEIRS = { ...template('one'), body: 'Theirs', purpose: 'marketing' as const };

test('a text that somebody else saved anew is chosen no more and that is said: a press on its way to it sends nothing', async () => {
  void store.getState().choose('one');
  await core.last('messages.count').answer({ willGet: 1, willNot: [] });
  await readTextAnew(template('one'));
  expect(store.getState()).toMatchObject({ templateId: 'one', act: { status: 'idle' } });
  await readTextAnew(THEIRS);
  void store.getState().send();
  expect(sent()).toBe(0);
  const failure = { code: 'document_changed' };
  expect(store.getState()).toMatchObject({ templateId: '', count: null, act: { status: 'failed', failure } });
  void store.getState().choose('one');
  await core.last('messages.count').answer({ willGet: 1, willNot: [] });
  void store.getState().send();
  expect(core.last('messages.send').input).toMatchObject({
    ...{ templateVersion: 3, templateSum: textSum(THEIRS) },
  });
});

test('a message that went before another text came is the one that was read, and tells its own end', async () => {
  void store.getState().choose('one');
  await core.last('messages.count').answer({ willGet: 1, willNot: [] });
  void store.getState().send();
  const press = core.last('messages.send');
  await readTextAnew(THEIRS);
  expect(store.getState()).toMatchObject({ templateId: '', act: { status: 'busy' } });
  expect(press.input).toMatchObject({ templateSum: textSum(template('one')) });
  await press.answer({ opId: press.input['opId'] });
  expect(store.getState().act).toEqual({ status: 'sent', name: 'one' });
});

test('whoever changes the chosen text herself is told that it was saved, and chooses it again', async () => {
  void store.getState().choose('one');
  await core.last('messages.count').answer({ willGet: 1, willNot: [] });
  const [one] = store.getState().templates;
  store.getState().edit(one ?? null);
  store.getState().type({ body: 'Mine' });
  void store.getState().save();
  await core.last('documents.save').answer({});
  await core
    .last('documents.list')
    .answer([document({ ...template('one'), version: 4, body: 'Mine' }, 'one')]);
  await core.last('documents.list').answer([]);
  await core.last('documents.list').answer([]);
  expect(store.getState()).toMatchObject({ templateId: '', count: null, act: { status: 'saved' } });
});
