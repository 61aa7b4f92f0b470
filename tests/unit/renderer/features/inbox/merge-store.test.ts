import { beforeEach, expect, test } from 'vitest';
import type { MemberView } from '../../../../../electron/contract/views.ts';
import {
  createMergeStore,
  keptFrom,
  takenParts,
  type LateMerge,
  type Merging,
} from '../../../../../renderer/features/inbox/merge-store.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { makeMember } from '../../made.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const [TAN, TWIN, THIRD] = ['tan', 'twin', 'third'] as MemberId[] as [MemberId, MemberId, MemberId];
const base = makeMember();
const own = makeMember({
  memberId: TAN,
  fields: { ...base.fields, mobile: '+6591110001', email: null, lastName: 'Tan', firstName: 'Wei Ling' },
});
const twin = makeMember({
  memberId: TWIN,
  fields: {
    ...own.fields,
    ...{ mobile: '+6591119999', email: 'tan@example.com', isCreditAllowed: true, lookupId: 'T-2' },
  },
});

let core: ReturnType<typeof createScriptedCore>;
let saved: MemberView[][];
let late: LateMerge[];
let isInFront: boolean;
let store: ReturnType<typeof createMergeStore>;
beforeEach(() => {
  core = createScriptedCore();
  saved = [];
  late = [];
  isInFront = true;
  store = createMergeStore({
    core: core.calls,
    onSaved: (stays, goes) => saved.push([stays, goes]),
    isInFront: () => isInFront,
    onLate: (failed) => late.push(failed),
  });
  store.getState().open(own);
});
const state = () => store.getState();

async function pair(): Promise<Extract<Merging, { status: 'choosing' | 'busy' }>> {
  void state().pick(TWIN);
  await core.last('members.get').answer(twin);
  return here();
}
function here(): Extract<Merging, { status: 'choosing' | 'busy' }> {
  const { merging } = state();
  if (merging.status !== 'choosing' && merging.status !== 'busy') throw new Error(merging.status);
  return merging;
}

test('nobody is the same person as herself', async () => {
  void state().pick(TAN);
  await core.last('members.get').answer(own);
  expect(state().merging).toMatchObject({ status: 'finding', isSame: true });
});

const NOT_KEPT = { masked: { mobile: '+65 9••• •001' } };

test('a profile that came with masks is merged with nobody: neither the other one, nor her own until it is whole', async () => {
  const take = async (answers: readonly MemberView[]) => {
    void state().pick(TWIN);
    for (const answer of answers) await core.last('members.get').answer(answer);
    return state().merging;
  };
  const half = makeMember({ ...twin, ...NOT_KEPT });
  expect(await take([half])).toMatchObject({ status: 'finding', isMasked: true, isSame: false });
  expect(await take([twin])).toMatchObject({ status: 'choosing', own, other: twin });
  const ownHalf = makeMember({ ...own, ...NOT_KEPT });
  state().open(ownHalf);
  expect(await take([ownHalf, twin])).toMatchObject({ status: 'finding', isMasked: true });
  expect(core.asked.slice(-2).map(({ input }) => input)).toEqual([{ memberId: TAN }, { memberId: TWIN }]);
  expect(await take([own, twin])).toMatchObject({ status: 'choosing', own, other: twin });
});

test('of several who were taken only the last one counts', async () => {
  void state().pick(THIRD);
  const late = core.last('members.get');
  void state().pick(TWIN);
  const last = core.last('members.get');
  await late.answer(makeMember({ memberId: THIRD }));
  expect(state().merging.status).toBe('finding');
  await last.answer(twin);
  expect(here().other.memberId).toBe(TWIN);
});

test('the values of the profile that stays stand, an empty one is filled, and a right is never given by itself', async () => {
  const now = await pair();
  expect(takenParts(now)).toEqual(['email']);
  expect([keptFrom(now, 'mobile'), keptFrom(now, 'isCreditAllowed')]).toEqual([TAN, TAN]);
  state().stay(TWIN);
  expect(takenParts(here())).toEqual([]);
});

test('what was chosen field by field goes along, from the profile that goes', async () => {
  await pair();
  state().take('mobile', TWIN);
  state().take('email', TAN);
  state().typeReason(' wrong phone ');
  void state().save();
  const { input } = core.last('members.merge');
  expect(input).toMatchObject({
    memberId: TWIN,
    intoId: TAN,
    reason: 'wrong phone',
    keeps: { draft: { mobile: '+6591119999' } },
  });
  await core.last('members.merge').answer({});
  expect([state().merging.status, saved.map((each) => each.map(({ memberId }) => memberId))]).toEqual([
    'closed',
    [[TAN, TWIN]],
  ]);
});

test('a refusal keeps what was chosen, and the same press again is the same op', async () => {
  await pair();
  await state().save();
  expect(core.asked.some(({ method }) => method === 'members.merge')).toBe(false);
  state().typeReason('same');
  void state().save();
  const first = core.last('members.merge');
  await first.refuse('disk_failed');
  expect(here().failure?.code).toBe('disk_failed');
  void state().save();
  expect(core.last('members.merge').input).toEqual(first.input);
  await core.last('members.merge').refuse('disk_failed');
  state().stay(TWIN);
  void state().save();
  expect(core.last('members.merge').input['opId']).not.toBe(first.input['opId']);
});

test('an answer after the page was left does not take the screen', async () => {
  await pair();
  state().typeReason('same');
  void state().save();
  state().close();
  await core.last('members.merge').answer({});
  expect(saved).toEqual([]);
});

test.each(['left', 'closed'] as const)(
  'a merge that fails after its page was %s is told by name',
  async (how) => {
    await pair();
    state().typeReason('same');
    void state().save();
    if (how === 'closed') state().close();
    else isInFront = false;
    await core.last('members.merge').refuse('disk_failed');
    expect(late).toMatchObject([{ memberId: TAN, name: own.name, failure: { code: 'disk_failed' } }]);
  },
);

test('one that fails before her eyes is said there alone', async () => {
  await pair();
  state().typeReason('same');
  void state().save();
  await core.last('members.merge').refuse('disk_failed');
  expect([here().failure?.code, late]).toEqual(['disk_failed', []]);
});

test('what was said of two counts again when the same person is taken again, and of nobody else', async () => {
  await pair();
  state().stay(TWIN);
  state().take('mobile', TAN);
  state().typeReason('same');
  state().again();
  void state().pick(TAN);
  await core.last('members.get').answer(own);
  expect(await pair()).toMatchObject({ keepId: TWIN, picks: { mobile: TAN }, reason: 'same' });
  state().again();
  void state().pick(THIRD);
  await core.last('members.get').answer(makeMember({ memberId: THIRD }));
  expect(here()).toMatchObject({ keepId: TAN, picks: {}, reason: '' });
});
