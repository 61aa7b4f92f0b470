import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MemberView } from '../../../../electron/contract/views.ts';
import type { MemberId, OpId } from '../../../../sync/base/ids.ts';
import { makeFolder, openTestTill, type TestTill } from '../../../parts/till.ts';
import { MANAGER_PIN } from '../../crm/test-centre.ts';
import { injected, makeCode } from '../../crm/test-till.ts';
import { openServedCentre, type ServedCentre } from './served-centre.ts';

let served: ServedCentre;
/** Where two profiles are made one, and where a page shows the one that goes. */
let desk: TestTill;
let counter: TestTill;
let gone: MemberId;
let stays: MemberId;

async function addTill(name: string): Promise<TestTill> {
  const till = openTestTill(makeFolder());
  const code = await makeCode(injected(served.centre.app));
  await till.client['till.enrol']({ serverUrl: served.serverUrl, code, tillName: name });
  await till.client['sync.run']({});
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  return till;
}
async function enrol(lastName: string): Promise<MemberId> {
  const { member } = await desk.client['members.add']({
    ...{ opId: desk.opId(), draft: { lastName }, cardTypeId: null, cardNumber: null },
    hasMarketingConsent: false,
  });
  return member.memberId;
}
const sync = async (): Promise<void> => {
  for (const till of [counter, desk, counter]) await till.client['sync.run']({});
};
const merge = async (): Promise<void> => {
  const ids = { opId: desk.opId(), memberId: gone, intoId: stays };
  await desk.client['members.merge']({ ...ids, reason: 'same person', keeps: null });
  await sync();
};

beforeEach(async () => {
  served = await openServedCentre();
  desk = await addTill('Desk');
  counter = await addTill('Counter');
  [gone, stays] = [await enrol('Tann'), await enrol('Tan')];
  await sync();
}, 60_000);
afterEach(async () => {
  for (const till of [desk, counter]) {
    await till.close();
    rmSync(till.dir, { recursive: true, force: true });
  }
  await served.end();
});

const stateOf = ({ state }: MemberView) => state;
interface Press {
  what: string;
  act: (opId: OpId) => Promise<{ member: MemberView }>;
  effect: (member: MemberView) => unknown;
  expected: unknown;
}
const PRESSES: Press[] = [
  {
    what: 'a block',
    act: (opId) =>
      counter.client['members.setState']({ opId, memberId: gone, action: 'block', reason: 'theft' }),
    effect: stateOf,
    expected: 'blocked',
  },
  {
    what: 'an edit',
    act: (opId) => counter.client['members.edit']({ opId, memberId: gone, draft: { firstName: 'Mei' } }),
    effect: ({ fields }) => fields.firstName,
    expected: 'Mei',
  },
  {
    what: 'a tag',
    act: (opId) =>
      counter.client['members.setExtras']({
        opId,
        memberId: gone,
        patch: { tags: { add: ['vip'], remove: [] } },
      }),
    effect: ({ extras }) => extras.tags,
    expected: ['vip'],
  },
  {
    what: 'a word about marketing',
    act: (opId) => counter.client['consents.record']({ opId, memberId: gone, isGranted: true }),
    effect: ({ hasMarketingConsent }) => hasMarketingConsent,
    expected: true,
  },
];

test.each(PRESSES)('$what from a page of who she was counts for who she is, at every till', async (press) => {
  await merge();
  const { member } = await press.act(counter.opId());
  expect([member.memberId, press.effect(member)]).toEqual([stays, press.expected]);
  await sync();
  expect(press.effect(await desk.client['members.get']({ memberId: stays }))).toEqual(press.expected);
});

test.each(PRESSES)(
  '$what that was saved before she was merged is the same one when it is pressed again',
  async (press) => {
    const opId = counter.opId();
    await press.act(opId);
    await merge();
    const { outstanding } = await counter.client['sync.getStatus']({});
    await press.act(opId);
    expect((await counter.client['sync.getStatus']({})).outstanding).toBe(outstanding);
  },
);

test('one that was saved for who she is, and pressed again after the merge was taken back, is told as saved', async () => {
  await merge();
  const opId = counter.opId();
  const block = () =>
    counter.client['members.setState']({ opId, memberId: gone, action: 'block', reason: 'theft' });
  await block();
  const ids = { opId: desk.opId(), memberId: gone, intoId: stays };
  await desk.client['members.unmerge']({ ...ids, reason: 'two people' });
  await sync();
  await expect(block()).rejects.toMatchObject({ code: 'saved_not_shown' });
  expect((await counter.client['members.get']({ memberId: stays })).state).toBe('blocked');
});
