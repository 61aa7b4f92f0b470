import { expect, test } from 'vitest';
import {
  draftOf,
  draftOfRule,
  isWhole,
  NEW_DRAFT,
  rulesOf,
  toCondition,
  toSegment,
} from '../../../../../renderer/features/segments/draft.ts';
import { createSegmentsStore } from '../../../../../renderer/features/segments/segments-store.ts';
import { must } from '../../../../../sync/base/must.ts';
import { TagRule } from '../../../../../sync/model/segment.ts';
import { createScriptedCore } from '../../scripted-core.ts';

test('lists that were asked for earlier and come later do not take a saved segment off again', async () => {
  const core = createScriptedCore();
  const store = createSegmentsStore(core.calls);
  void store.getState().refresh();
  const early = core.asked.slice(-4);
  void store.getState().refresh();
  const late = core.asked.slice(-4);
  const saved = { segment: { segmentId: 's' }, members: 3, isPending: true };
  const answers = async (calls: typeof early, all: object[]): Promise<void> => {
    for (const call of calls) await call.answer(call.method === 'segments.list' ? all : []);
  };
  await answers(late, [saved]);
  await answers(early, []);
  expect(store.getState().all).toEqual([saved]);
});

const RULE = TagRule.parse({
  ...{ tagRuleId: 'r', version: 4, name: 'Neighbours', tag: 'near', match: 'all', isLifted: true },
  conditions: [{ test: 'atLeast', field: 'spent', number: 1_250 }],
  ...{ authorTillId: 'till-7', ownerId: 'staff-before' },
});

test('a saved rule is edited like a segment: its next version is saved, stays with its till, and is answered for by who edited', async () => {
  const core = createScriptedCore();
  const store = createSegmentsStore(core.calls);
  store.getState().editRule(RULE, 'staff-now', 2);
  const { draft } = store.getState();
  if (draft?.rule == null) throw new Error('no rule is edited');
  expect([draft.conditions[0]?.typed, draft.rule.tag]).toEqual(['12.50', 'near']);
  const conditions = draft.conditions.map((each) => ({ ...each, typed: '20' }));
  void store.getState().change({ ...draft, conditions, rule: { ...draft.rule, tag: 'close' } }, 2);
  void store.getState().save(2);
  expect(core.last('documents.save').input).toMatchObject({
    ...{ kind: 'tag-rule', id: 'r', baseVersion: 4 },
    body: {
      ...{ tag: 'close', ownerId: 'staff-now', authorTillId: 'till-7', isLifted: true },
      conditions: [{ test: 'atLeast', field: 'spent', number: 2_000 }],
    },
  });
  await core.last('documents.save').answer({});
  expect([store.getState().draft, store.getState().view]).toEqual([null, 'plot']);
});

test('a rule without a tag or with half a condition is not whole', () => {
  const draft = draftOfRule(RULE, 'staff-now', 2);
  const rule = draft.rule === null ? null : { ...draft.rule, tag: ' ' };
  expect([
    isWhole(draft, 2),
    isWhole({ ...draft, rule }, 2),
    isWhole({ ...draft, conditions: [{ field: 'spent', test: 'atLeast', values: [], typed: '' }] }, 2),
  ]).toEqual([true, false, false]);
});

test('a square of the plot is kept as a segment of the same people: its rules stand in the editor, named in both languages', async () => {
  const core = createScriptedCore();
  const store = createSegmentsStore(core.calls);
  const square = { kind: 'cell', recency: 5, frequency: 4 } as const;
  store.getState().keepAs(rulesOf(square), 'Just now, often', 2);
  const { draft } = store.getState();
  if (draft === null) throw new Error('nothing is edited');
  void store.getState().change({ ...draft, nameZh: '常客' }, 2);
  void store.getState().save(2);
  expect(core.last('documents.save').input).toMatchObject({
    ...{ kind: 'segment', baseVersion: 0 },
    body: {
      ...{ name: 'Just now, often', nameZh: '常客', match: 'all' },
      conditions: [
        { test: 'atLeast', field: 'recency', number: 5 },
        { test: 'atMost', field: 'recency', number: 5 },
        { test: 'atLeast', field: 'frequency', number: 4 },
        { test: 'atMost', field: 'frequency', number: 4 },
      ],
    },
  });
});

test('where whole numbers count a part of one is told, and never rounded to somebody else', () => {
  const typed = (field: string, text: string) =>
    toCondition({ field, test: 'atLeast', values: [], typed: text }, 2);
  expect([typed('custom.shoe', '40.5'), typed('purchases', '1.5')]).toEqual([null, null]);
  expect(typed('custom.shoe', '40')).toEqual({ test: 'atLeast', field: 'custom.shoe', number: 40 });
  expect(typed('spent', '12.50')).toMatchObject({ number: 1_250 });
});

test('a segment for trying something out, and each of its halves, is saved as what was chosen, and comes back so (F70)', () => {
  const whole = { ...NEW_DRAFT, name: 'Trial', conditions: draftOfRule(RULE, 'staff-now', 2).conditions };
  for (const [share, shareFrom, shareTo] of [
    ['whole', 0, 100],
    ['a', 0, 50],
    ['b', 50, 100],
  ] as const) {
    const segment = must(toSegment({ ...whole, share, isTest: true }, 'trial', 2), 'nothing is missing');
    expect(segment).toMatchObject({ isTest: true, shareFrom, shareTo });
    expect(draftOf(segment, 2)).toMatchObject({ share, isTest: true });
    // The number beside it is of the half, too.
    const core = createScriptedCore();
    void createSegmentsStore(core.calls)
      .getState()
      .change({ ...whole, segment, share }, 2);
    expect(core.last('segments.try').input).toMatchObject({ segmentId: 'trial', shareFrom, shareTo });
  }
  expect(toSegment(whole, 'trial', 2)).toMatchObject({ isTest: false });
});
