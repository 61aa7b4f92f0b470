import { beforeEach, expect, test } from 'vitest';
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
