import { beforeEach, expect, test } from 'vitest';
import type { InboxPerson } from '../../../../../electron/contract/inbox.ts';
import { createMergedStore } from '../../../../../renderer/features/inbox/merged-store.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const [TAN, LIM, ONG] = ['tan', 'lim', 'ong'] as MemberId[] as [MemberId, MemberId, MemberId];
const person = (memberId: MemberId): InboxPerson => ({ memberId, name: memberId }) as unknown as InboxPerson;

let core: ReturnType<typeof createScriptedCore>;
let store: ReturnType<typeof createMergedStore>;
beforeEach(async () => {
  core = createScriptedCore();
  store = createMergedStore(core.calls);
  void store.getState().read(TAN);
  await core.last('members.listMerged').answer({ people: [person(ONG)] });
});
const state = () => store.getState();

test('the way back takes a reason, and the same intent repeated is the same op', async () => {
  state().ask(ONG);
  void state().part();
  expect(core.asked.filter(({ method }) => method === 'members.unmerge')).toEqual([]);
  state().typeReason(' not the same person ');
  void state().part();
  const first = core.last('members.unmerge');
  expect(first.input).toMatchObject({ memberId: ONG, intoId: TAN, reason: 'not the same person' });
  await first.refuse('disk_failed');
  expect(state().parting).toMatchObject({ status: 'failed', failure: { code: 'disk_failed' } });
  void state().part();
  void state().part();
  expect(core.asked.filter(({ method }) => method === 'members.unmerge')).toHaveLength(2);
  expect(core.last('members.unmerge').input['opId']).toBe(first.input['opId']);
  await core.last('members.unmerge').answer({});
  expect(state().parting).toEqual({ status: 'done', from: ONG });
});

test('what belongs to another member’s page is not shown on this one', async () => {
  state().ask(ONG);
  void state().read(TAN);
  const late = core.last('members.listMerged');
  void state().read(LIM);
  await late.answer({ people: [person(ONG)] });
  expect([state().people, state().parting]).toEqual([[], { status: 'idle' }]);
  void state().read(null);
  expect(core.asked.at(-1)?.input).toEqual({ memberId: LIM });
});

test('a list that can not be read offers nothing and breaks nothing', async () => {
  void state().read(LIM);
  await core.last('members.listMerged').refuse('not_allowed');
  expect(state().people).toEqual([]);
});
