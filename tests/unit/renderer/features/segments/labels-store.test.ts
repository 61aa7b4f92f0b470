import { beforeEach, expect, test } from 'vitest';
import {
  createLabelsStore,
  type LabelsStore,
} from '../../../../../renderer/features/segments/labels-store.ts';
import { Segment } from '../../../../../sync/model/segment.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: LabelsStore;
const AUTHOR = { authorTillId: 'till-1', ownerId: 'staff-manager' };
const segment = Segment.parse({
  ...{ segmentId: 's', version: 3, name: 'Neighbours', match: 'any' },
  conditions: [{ test: 'oneOf', field: 'city', values: ['Here'] }],
});

beforeEach(() => {
  core = createScriptedCore();
  store = createLabelsStore(core.calls);
});

async function answerLists(groups: object[] = [], rules: object[] = []): Promise<void> {
  const [first, second] = core.asked.slice(-2);
  await first?.answer(groups.map((body) => ({ id: 'x', kind: 'group', body, isPending: false })));
  await second?.answer(rules.map((body) => ({ id: 'x', kind: 'tag-rule', body, isPending: false })));
}

test('a new group gets an id of its own, and one that was put away is in no list', async () => {
  void store.getState().addGroup({ name: 'Regulars', nameZh: '常客' });
  const { input } = core.last('documents.save');
  expect(input).toMatchObject({
    kind: 'group',
    baseVersion: 0,
    body: { version: 1, name: 'Regulars', nameZh: '常客' },
  });
  expect(input['id']).toMatch(/^g-/);
  await core.last('documents.save').answer({});
  await answerLists([input['body'] as object, { groupId: 'old', version: 2, name: 'Old', isRetired: true }]);
  expect(store.getState().groups.map(({ name }) => name)).toEqual(['Regulars']);
  const [group] = store.getState().groups;
  if (group) void store.getState().retireGroup(group);
  expect(core.last('documents.save').input).toMatchObject({ baseVersion: 1, body: { isRetired: true } });
});

test('a rule takes the conditions of its segment, and names who answers for it and whose work it is', async () => {
  void store.getState().addRule({ segment, tag: 'near', isLifted: true }, AUTHOR);
  await settled();
  expect(core.last('documents.save').input).toMatchObject({
    kind: 'tag-rule',
    body: { ...AUTHOR, tag: 'near', match: 'any', conditions: segment.conditions, isLifted: true },
  });
});

test('one act at a time, and what was refused is told', async () => {
  void store.getState().addGroup({ name: 'One', nameZh: '' });
  expect(await store.getState().addGroup({ name: 'Two', nameZh: '' })).toBe(false);
  expect(core.asked.filter(({ method }) => method === 'documents.save')).toHaveLength(1);
  await core.last('documents.save').refuse('not_allowed');
  expect(store.getState()).toMatchObject({ isBusy: false, failure: { code: 'not_allowed' } });
});

test('a group gets other names on top of its version, and keeps its id: whoever is in it stays', async () => {
  const group = { groupId: 'g1', version: 4, name: 'Regulars', nameZh: '', isRetired: false };
  void store.getState().renameGroup(group, { name: 'Neighbours', nameZh: '邻居' });
  expect(core.last('documents.save').input).toMatchObject({
    ...{ kind: 'group', id: 'g1', baseVersion: 4 },
    body: { groupId: 'g1', name: 'Neighbours', nameZh: '邻居', isRetired: false },
  });
});
