import { beforeEach, expect, test } from 'vitest';
import { kindsIn } from '../../../../../renderer/features/directory/columns.ts';
import {
  createOwnColumnStore,
  idFor,
  isWhole,
  NEW_COLUMN,
  type OwnColumnStore,
} from '../../../../../renderer/features/directory/own-column-store.ts';
import { Attribute } from '../../../../../sync/model/attributes.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: OwnColumnStore;
let saved: number;

beforeEach(() => {
  core = createScriptedCore();
  saved = 0;
  store = createOwnColumnStore({ core: core.calls, onSaved: () => (saved += 1) });
});

test.each([
  ['Shoe size', [], 'shoeSize'],
  ['Shoe size', ['shoeSize'], 'shoeSize-2'],
  ['鞋码', [], 'own'],
  ['2nd name', [], 'own2ndName'],
  ['constructor', [], 'constructor-2'],
  ['Größe', [], 'groE'],
] as const)('%s beside %j is kept as %s', (name, known, id) => {
  expect(idFor(name, known)).toBe(id);
});

test('a list without anything in it is not whole, nor a column without a name', () => {
  const list = { ...NEW_COLUMN, name: 'Drink', type: 'choice' as const };
  expect([NEW_COLUMN, list, { ...list, choices: ' \n' }, { ...list, choices: 'tea' }].map(isWhole)).toEqual([
    ...[false, false, false, true],
  ]);
});

test('a column is saved as a document that the chain can read, beside those that are there', async () => {
  const draft = { ...NEW_COLUMN, name: ' Fax ', type: 'choice' as const, choices: ' tea\n\ncoffee\ntea' };
  const added = store.getState().add({ ...draft, isAtEnrolment: true });
  await core.last('documents.list').answer([]);
  await settled();
  const { kind, id, baseVersion, body } = core.last('documents.save').input;
  expect({ kind, id, baseVersion }).toEqual({ kind: 'attribute', id: 'fax-2', baseVersion: 0 });
  expect(Attribute.parse(body)).toMatchObject({
    ...{ attributeId: 'fax-2', version: 1, name: 'Fax', type: 'choice', choices: ['tea', 'coffee'] },
    ...{ isAtEnrolment: true, isSensitive: false },
  });
  await core.last('documents.save').answer({});
  expect([await added, saved]).toEqual([true, 1]);
});

test('one that is refused says so, and nothing is taken for saved', async () => {
  const added = store.getState().add({ ...NEW_COLUMN, name: 'Size' });
  await core.last('documents.list').answer([]);
  await core.last('documents.save').refuse('document_changed');
  expect([await added, saved, store.getState().failure?.code]).toEqual([false, 0, 'document_changed']);
});

const SIZE = Attribute.parse({ attributeId: 'size', version: 3, name: 'Size', type: 'number' });

test('a column is retired after a question, never by one press', async () => {
  void store.getState().retire(SIZE);
  store.getState().ask('size');
  store.getState().ask(null);
  void store.getState().retire(SIZE);
  await settled();
  expect(core.asked).toHaveLength(0);
  store.getState().ask('size');
  const retired = store.getState().retire(SIZE);
  await settled();
  expect(core.last().input).toMatchObject({ id: 'size', baseVersion: 3, body: { isRetired: true } });
  await core.last().answer({});
  expect([await retired, saved, store.getState().askingId]).toEqual([true, 1, null]);
});

test('a retired column is taken back under its own id', async () => {
  const taken = store.getState().takeBack({ ...SIZE, isRetired: true });
  await settled();
  const { id, baseVersion, body } = core.last('documents.save').input;
  expect([id, baseVersion, Attribute.parse(body)]).toEqual(['size', 3, { ...SIZE, version: 4 }]);
  await core.last().answer({});
  expect([await taken, saved]).toEqual([true, 1]);
});

test('a saved filter on a retired column still knows that it asks for a number', () => {
  expect(kindsIn({ attributes: [], retired: [SIZE] })).toEqual({ 'custom:size': 'number' });
});

test('a column of cards is saved as one, and nobody is asked for it at enrolment', async () => {
  store.getState().turnTo('card');
  const added = store.getState().add({ ...NEW_COLUMN, name: 'Engraving', isAtEnrolment: true });
  // Whose columns are looked at meanwhile is another matter.
  store.getState().turnTo('member');
  await core.last('documents.list').answer([{ id: 'engraving' }]);
  await settled();
  const { id, body } = core.last('documents.save').input;
  expect([id, Attribute.parse(body)]).toMatchObject([
    'engraving-2',
    { attributeId: 'engraving-2', of: 'card', isAtEnrolment: false },
  ]);
  await core.last('documents.save').answer({});
  expect(await added).toBe(true);
});

test('a column of members says nothing of cards, and who looks at the others is asked nothing any more', async () => {
  store.getState().ask('size');
  store.getState().turnTo('card');
  expect([store.getState().of, store.getState().askingId]).toEqual(['card', null]);
  store.getState().turnTo('member');
  void store.getState().add({ ...NEW_COLUMN, name: 'Size' });
  await core.last('documents.list').answer([]);
  await settled();
  expect(core.last('documents.save').input['body']).not.toHaveProperty('of');
});
