import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MemberView } from '../../../../electron/contract/views.ts';
import type { MemberId, OpId } from '../../../../sync/base/ids.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

async function enrol(lastName: string, mobile: string): Promise<MemberView> {
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName, firstName: 'Wei Ling', mobile },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: true,
  });
  return member;
}
const code = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );
const fieldsOf = async (memberId: MemberId) => (await till.client['members.get']({ memberId })).fields;
const outstanding = async () => (await till.client['sync.getStatus']({})).outstanding;

interface Pair {
  from: MemberView;
  into: MemberView;
}
const merge = ({ from, into }: Pair, draft: object, ids: { opId: OpId; editId: OpId }) =>
  till.client['members.merge']({
    opId: ids.opId,
    memberId: from.memberId,
    intoId: into.memberId,
    reason: 'same person',
    keeps: { opId: ids.editId, draft },
  });
const ids = () => ({ opId: till.opId(), editId: till.opId() });

test('the number of the profile that goes is free for the one that stays, and a repeat saves nothing more', async () => {
  const into = await enrol('Tan', '9111 0001');
  const from = await enrol('Tann', '9111 9999');
  const named = ids();
  const before = await outstanding();
  const reply = await merge({ from, into }, { mobile: '+6591119999' }, named);
  expect(reply.member.memberId).toBe(into.memberId);
  expect((await fieldsOf(into.memberId)).mobile).toBe('+6591119999');
  await merge({ from, into }, { mobile: '+6591119999' }, named);
  expect((await outstanding()) - before).toBe(2);
});

test('a number of a third member is refused, and then nothing at all is saved', async () => {
  const into = await enrol('Tan', '9111 0001');
  const from = await enrol('Tann', '9111 9999');
  await enrol('Lim', '9111 5555');
  const before = await outstanding();
  expect(await code(merge({ from, into }, { mobile: '+6591115555' }, ids()))).toBe('mobile_taken');
  expect((await outstanding()) - before).toBe(0);
});

test('the id of another act is not taken for a merge that was saved', async () => {
  const into = await enrol('Tan', '9111 0001');
  const from = await enrol('Tann', '9111 9999');
  const named = ids();
  await merge({ from, into }, { lastName: 'Tann' }, named);
  expect(await code(merge({ from: into, into: from }, { lastName: 'Tann' }, named))).toBe('op_id_reused');
});

test('only a manager merges, with chosen values too', async () => {
  const into = await enrol('Tan', '9111 0001');
  const from = await enrol('Tann', '9111 9999');
  await till.signIn('supervisor');
  expect(await code(merge({ from, into }, { lastName: 'Tann' }, ids()))).toBe('not_allowed');
});
