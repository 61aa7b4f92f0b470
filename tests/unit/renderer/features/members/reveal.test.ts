import { expect, test } from 'vitest';
import { createMemberStore } from '../../../../../renderer/features/members/member-store.ts';
import { makeMember } from '../../made.ts';
import { createScriptedCore } from '../../scripted-core.ts';

test('what was in part is shown whole for a reason; refused, it says why and stays as it was', async () => {
  const core = createScriptedCore();
  const store = createMemberStore({
    core: core.calls,
    nowMs: () => 0,
    onOutcome: () => undefined,
    chain: () => null,
    typeToIssue: () => '',
    isInFront: () => true,
    onLate: () => undefined,
  });
  const member = makeMember({ masked: { mobile: '+65 9••• •001' } });
  store.getState().show(member, null, false);
  const asked = store.getState().reveal('contact');
  expect(core.last()).toMatchObject({
    method: 'members.reveal',
    input: { memberId: member.memberId, reason: 'contact' },
  });
  await core.last().answer({ ...member, name: 'Whole' });
  expect([await asked, store.getState().shown]).toMatchObject([null, { member: { name: 'Whole' } }]);
  const refused = store.getState().reveal('asked');
  await core.last().refuse('not_allowed');
  expect([await refused, store.getState().shown]).toMatchObject([
    { code: 'not_allowed' },
    { status: 'shown', member: { name: 'Whole' } },
  ]);
  const late = store.getState().reveal('asked');
  store.getState().show(makeMember({ name: 'Other' }), null, false);
  await core.last().answer(member);
  expect([await late, store.getState().shown]).toMatchObject([null, { member: { name: 'Other' } }]);
});
