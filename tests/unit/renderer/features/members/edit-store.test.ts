import { expect, test } from 'vitest';
import type { MemberView } from '../../../../../electron/contract/views.ts';
import { createEditStore } from '../../../../../renderer/features/members/edit-store.ts';
import { makeMember } from '../../made.ts';
import { createScriptedCore } from '../../scripted-core.ts';

function setUp() {
  const core = createScriptedCore();
  const saved: unknown[] = [];
  const seen = { isInFront: true };
  const store = createEditStore({
    core: core.calls,
    today: () => '2026-11-22',
    onSaved: (reply) => saved.push(reply),
    onRefused: () => saved.push('refused'),
    isInFront: () => seen.isInFront,
    onLate: ({ name, method, failure }) => saved.push([name, method, failure.code]),
  });
  const member = makeMember();
  store.getState().open(member);
  return { core, store, saved, member, seen };
}

/** The texts of a form that was opened just now. */
function createFresh(member: MemberView) {
  const { store } = setUp();
  store.getState().open(member);
  const { editing } = store.getState();
  return editing.status === 'closed' ? null : editing.now.texts;
}

test('only what was changed is sent, and what was emptied goes as none', async () => {
  const { core, store, member, saved } = setUp();
  store.getState().type('firstName', 'Wei  Ling  ');
  store.getState().type('mobile', '');
  store.getState().type('dateOfBirth', '2/11/90');
  store.getState().choose({ isCreditAllowed: true });
  store.getState().choose({ gender: 'female' });
  void store.getState().save();
  expect(core.last().input).toMatchObject({
    memberId: member.memberId,
    draft: { firstName: 'Wei  Ling', mobile: null, dateOfBirth: '1990-11-02' },
  });
  expect(core.last().input['draft']).toMatchObject({ gender: 'female', isCreditAllowed: true });
  await core.last().answer('reply');
  expect([store.getState().editing.status, saved]).toEqual(['closed', ['reply']]);
});

test('what is shown in part is never sent as it looks; what is typed over it is, and what is emptied goes as none', async () => {
  const { core, store } = setUp();
  const fields = { ...makeMember().fields, mobile: null, email: null, dateOfBirth: null };
  const masked = { mobile: '+65 9••• •001', email: 'w•••@e•••.com', dateOfBirth: '••••', street1: '••••' };
  store.getState().open(makeMember({ fields, masked }));
  expect(store.getState().editing).toMatchObject({ now: { texts: { ...masked, lastName: 'Tan' } } });
  await store.getState().save();
  expect([core.asked, store.getState().editing.status]).toEqual([[], 'closed']);
  store.getState().open(makeMember({ fields, masked }));
  store.getState().type('firstName', 'Mei');
  store.getState().type('mobile', '9222 0002');
  store.getState().type('street1', '');
  store.getState().type('email', `${masked.email} `);
  void store.getState().save();
  expect(core.last().input['draft']).toEqual({ firstName: 'Mei', mobile: '9222 0002', street1: '' });
});

const WHOLE = { ...makeMember().fields, mobile: '+6591110001', email: 'wei@example.com', street1: '5 Road' };
const whole = makeMember({ fields: WHOLE });
const masked = makeMember({
  memberId: whole.memberId,
  fields: { ...WHOLE, mobile: null, email: null, street1: '' },
  masked: { mobile: '+65 9••• •001', email: 'w•••@e•••.com', street1: '••••' },
});

test('a form that was left untouched shows what the page shows now: masks after a look, whole values after masks', () => {
  const { store } = setUp();
  const texts = () => {
    const { editing } = store.getState();
    return editing.status === 'closed' ? null : editing.now.texts;
  };
  for (const [before, after] of [
    [whole, masked],
    [masked, whole],
  ] as const) {
    store.getState().open(before);
    store.getState().goOn(after);
    const fresh = createFresh(after);
    expect(texts()).toEqual(fresh);
  }
});

test.each([
  ['masks', whole, masked],
  ['whole values', masked, whole],
])(
  'of a form that goes on what was typed stays, and the rest is %s as on the page now',
  async (_, was, is) => {
    const { core, store } = setUp();
    store.getState().open(was);
    store.getState().type('mobile', '9222 0002');
    store.getState().type('firstName', 'Mei');
    store.getState().goOn(is);
    const expected = { ...createFresh(is), mobile: '9222 0002', firstName: 'Mei' };
    expect(store.getState().editing).toMatchObject({ status: 'open', now: { texts: expected } });
    void store.getState().save();
    expect(core.last().input['draft']).toEqual({ mobile: '9222 0002', firstName: 'Mei' });
    // What is being saved is left alone, and goes on as the same intent once it was refused.
    store.getState().goOn(was);
    await core.last().refuse('mobile_taken');
    store.getState().goOn(was);
    void store.getState().save();
    expect(core.asked[1]?.input).toEqual(core.asked[0]?.input);
  },
);

test('of somebody else the form opens anew, whatever was typed', () => {
  const { store } = setUp();
  store.getState().type('firstName', 'Mei');
  store.getState().goOn(masked);
  expect(store.getState().editing).toMatchObject({
    memberId: masked.memberId,
    now: { texts: createFresh(masked) },
  });
});

test('nothing changed: nothing is sent', async () => {
  const { core, store } = setUp();
  await store.getState().save();
  expect([core.asked, store.getState().editing.status]).toEqual([[], 'closed']);
});

test('a refusal keeps what was typed and the op id', async () => {
  const { core, store } = setUp();
  store.getState().type('mobile', '91110002');
  void store.getState().save();
  await core.last().refuse('mobile_taken');
  expect(store.getState().editing).toMatchObject({ status: 'failed', failure: { code: 'mobile_taken' } });
  void store.getState().save();
  expect(core.asked[1]?.input).toEqual(core.asked[0]?.input);
});

test('an answer that comes after the form was left does not take the screen', async () => {
  const { core, store, saved } = setUp();
  store.getState().type('firstName', 'Mei');
  void store.getState().save();
  store.getState().close();
  const next = makeMember();
  store.getState().open(next);
  await core.last().answer('late reply');
  expect([store.getState().editing.status, saved]).toEqual(['open', []]);
});

test('a refusal that comes after the form was left does not open it again and is told by name', async () => {
  const { core, store, saved } = setUp();
  store.getState().type('firstName', 'Mei');
  void store.getState().save();
  store.getState().close();
  await core.last().refuse('mobile_taken');
  expect(store.getState().editing.status).toBe('closed');
  expect(saved).toEqual(['refused', ['Tan Wei Ling', 'members.edit', 'mobile_taken']]);
});

test('an op id that was used up is not tried again for other content', async () => {
  const { core, store } = setUp();
  store.getState().type('firstName', 'Mei');
  void store.getState().save();
  await core.last().refuse('op_id_reused');
  void store.getState().save();
  const [first, second] = core.asked.map(({ input }) => (input as { opId: string }).opId);
  expect(second).not.toBe(first);
});

test('a refusal before the cashier’s eyes is said by the form alone, behind her back by name too', async () => {
  const { core, store, saved, seen } = setUp();
  store.getState().type('firstName', 'Mei');
  void store.getState().save();
  await core.last().refuse('mobile_taken');
  expect(saved).toEqual(['refused']);
  void store.getState().save();
  seen.isInFront = false;
  await core.last().refuse('mobile_taken');
  expect(saved.at(-1)).toEqual(['Tan Wei Ling', 'members.edit', 'mobile_taken']);
});

test('title, kind of customer and tier go with what was changed, and no tier has a last day', async () => {
  const { core, store } = setUp();
  store.getState().type('prefix', 'Dr');
  store.getState().choose({ customerType: 'customer' });
  store.getState().type('tier', 'gold');
  store.getState().type('tierUntil', '2027-01-31');
  void store.getState().save();
  const changed = { prefix: 'Dr', customerType: 'customer', tier: 'gold', tierUntil: '2027-01-31' };
  expect(core.last().input['draft']).toEqual(changed);
  await core.last().refuse('tier_unknown');
  store.getState().type('tier', '');
  void store.getState().save();
  expect(core.last().input['draft']).toEqual({ prefix: 'Dr', customerType: 'customer' });
});
