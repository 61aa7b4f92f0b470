import { expect, test } from 'vitest';
import { createMemberStore } from '../../../../../renderer/features/members/member-store.ts';
import { makeMember } from '../../made.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const member = makeMember();

test('what is left of her balances is asked anew once the core found another sum; a removal books none of it', async () => {
  const core = createScriptedCore();
  const store = createMemberStore({
    ...{ core: core.calls, nowMs: () => 1_000_000, chain: () => null, typeToIssue: () => '' },
    ...{ onOutcome: () => undefined, isInFront: () => true, onLate: () => undefined },
  });
  store.getState().show(member, null, false);
  const left = [{ how: 'paid_out', unit: 'minor', units: 1_240 }] as const;
  const removal = {
    isRemoved: false,
    cards: [],
    openOps: 0,
    mergedPeople: 0,
    mobileText: '',
    left: [...left],
  };
  const { openPanel, submit } = store.getState();
  openPanel('remove');
  await core.last('members.previewRemoval').answer(removal);
  expect(store.getState().preview).toMatchObject({ removal: { left: [] } });
  openPanel('anonymise');
  await core.last('members.previewRemoval').answer(removal);
  expect(store.getState().preview).toMatchObject({ removal: { left } });
  const second = { login: 'lead', pin: '111111' };
  const input = { memberId: member.memberId, reason: 'asked', second, left: [...left] };
  void submit({ method: 'members.anonymise', input });
  await core.last('members.anonymise').refuse('action_not_offered');
  expect(store.getState()).toMatchObject({ preview: null, act: { status: 'failed' } });
  await core.last('members.previewRemoval').answer({ ...removal, left: [] });
  expect(store.getState().preview).toMatchObject({ removal: { left: [] } });
});
