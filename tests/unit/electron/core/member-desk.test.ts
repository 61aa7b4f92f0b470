import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MemberView } from '../../../../electron/contract/views.ts';
import type { CardTypeId, OpId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

const code = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );

async function enrol(more: Record<string, unknown> = {}, mobile = '9111 0001'): Promise<MemberView> {
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', firstName: 'Wei Ling', mobile },
    cardTypeId: 'points' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: true,
    ...more,
  });
  return member;
}
const cardOf = (member: MemberView) => must(member.cards[0], 'she has a card');
const EVERY_CARD = {
  ...{ statuses: [], cardTypeIds: [], balanceFrom: null, balanceTo: null },
  ...{ issuedFrom: null, issuedTo: null, expiresFrom: null, expiresTo: null },
};
const set = (memberId: MemberView['memberId'], patch: object) =>
  till.client['members.setExtras']({ opId: till.opId(), memberId, patch });

describe('extras', () => {
  test('come with an enrolment, change one by one, and the page shows them', async () => {
    const member = await enrol({ extras: { tags: ['vip'], custom: { fax: '+65 6000' } } });
    expect(member.extras).toMatchObject({ tags: ['vip'], custom: { fax: '+65 6000' } });
    const patch = {
      tags: { add: ['new'], remove: ['vip'] },
      custom: { fax: null, accountAllowed: 'yes' },
      verified: { mobile: true },
    };
    const reply = await set(member.memberId, patch);
    expect(reply.member.extras).toEqual({
      tags: ['new'],
      groups: [],
      custom: { accountAllowed: 'yes' },
      verified: { mobile: true, email: false },
      isRemoved: false,
    });
  });

  test('what is so already is no edit, and what its attribute does not take is refused', async () => {
    const { memberId } = await enrol({ extras: { tags: ['vip'] } });
    expect(await code(set(memberId, { tags: { add: ['vip'], remove: ['new'] } }))).toBe('bad_request');
    expect(await code(set(memberId, { custom: { accountAllowed: 'perhaps' } }))).toBe('bad_request');
    expect(await code(set(memberId, { custom: { shoeSize: '38' } }))).toBe('bad_request');
    expect((await till.client['till.verify']({})).ownOps).toBe(1);
  });

  test('a tag in the form of a segment’s is taken for a segment that there is, and for no other', async () => {
    const { memberId } = await enrol();
    const tagged = (tag: string) => set(memberId, { tags: { add: [tag], remove: [] } });
    expect(await code(tagged('in:house'))).toBe('tag_reserved');
    expect(await code(enrol({ extras: { tags: ['out:house'] } }, '9111 0002'))).toBe('tag_reserved');
    const segment = { segmentId: 'house', version: 1, name: 'House', match: 'all' };
    await till.client['documents.save']({
      ...{ opId: till.opId(), kind: 'segment', id: 'house', baseVersion: 0 },
      body: { ...segment, conditions: [{ test: 'known', field: 'city' }] },
    });
    expect(await code(tagged('in:house'))).toBe('done');
    expect(await code(set(memberId, { tags: { add: [], remove: ['in:house'] } }))).toBe('done');
    expect(await code(tagged('in: house'))).toBe('done');
  });

  test('a cashier writes values down, sees sensitive ones masked, and places nobody', async () => {
    const { memberId } = await enrol({ extras: { custom: { identifierValue: 'S1234567D' } } });
    await till.signIn('cashier');
    expect(await code(set(memberId, { tags: { add: ['vip'], remove: [] } }))).toBe('not_allowed');
    expect(await code(set(memberId, { custom: { identifierValue: 'S0000000X' } }))).toBe('not_allowed');
    const { member } = await set(memberId, { custom: { fax: '1' } });
    expect(member.extras.custom).toEqual({ fax: '1', identifierValue: '••••567D' });
  });

  test('an attribute that the office made is filled in, and asks for a supervisor where it says so', async () => {
    const body = {
      attributeId: 'shoeSize',
      version: 1,
      name: 'Shoe size',
      type: 'number',
      isSensitive: true,
    };
    const save = { kind: 'attribute' as const, id: 'shoeSize', baseVersion: 0, body };
    await till.client['documents.save']({ opId: till.opId(), ...save });
    const { memberId } = await enrol();
    expect((await set(memberId, { custom: { shoeSize: '38' } })).member.extras.custom).toEqual({
      shoeSize: '38',
    });
    await till.signIn('cashier');
    expect(await code(set(memberId, { custom: { shoeSize: '39' } }))).toBe('not_allowed');
  });
});

describe('a removed member', () => {
  const act = (method: 'members.remove' | 'members.restoreRemoved', memberId: MemberView['memberId']) =>
    till.client[method]({ opId: till.opId(), memberId, reason: 'moved away' });

  test('is told with what is lost first', async () => {
    const member = await enrol();
    await till.client['points.credit']({
      opId: till.opId(),
      cardId: cardOf(member).cardId,
      amountMinor: null,
      receiptNo: '',
      points: 40,
      reason: 'welcome',
    });
    const preview = await till.client['members.previewRemoval']({ memberId: member.memberId });
    expect(preview).toMatchObject({
      isRemoved: false,
      cards: [{ cardNumber: cardOf(member).cardNumber, balance: 40, unit: 'points', status: 'active' }],
      openOps: 2,
      mobileText: '+65 9111 0001',
    });
  });

  test('is found by nothing, her card says why it is of no use, and her number is free', async () => {
    const member = await enrol();
    expect((await act('members.remove', member.memberId)).member.extras.isRemoved).toBe(true);
    for (const text of ['91110001', 'wei ling', '0001'])
      expect((await till.client['members.lookup']({ text })).members).toEqual([]);
    const stamp = {
      cardId: cardOf(member).cardId,
      amountMinor: 5_000,
      receiptNo: '',
      points: null,
      reason: '',
    };
    expect(await code(till.client['points.credit']({ opId: till.opId(), ...stamp }))).toBe('member_removed');
    const other = await enrol();
    expect(other.memberId).not.toBe(member.memberId);
    expect(await code(act('members.restoreRemoved', member.memberId))).toBe('mobile_taken');
  });

  test('is taken back by a manager with all she had, and no press counts twice', async () => {
    const member = await enrol();
    await till.signIn('supervisor');
    await act('members.remove', member.memberId);
    expect(await code(act('members.remove', member.memberId))).toBe('action_not_offered');
    expect(await code(act('members.restoreRemoved', member.memberId))).toBe('not_allowed');
    await till.signIn('manager');
    const back = await act('members.restoreRemoved', member.memberId);
    expect(back.member).toMatchObject({ extras: { isRemoved: false }, cards: [{ status: 'active' }] });
    expect((await till.client['members.lookup']({ text: 'wei ling' })).members).toHaveLength(1);
  });
});

describe('documents', () => {
  const group = (name: string, version = 1) => ({ groupId: 'staff', version, name });
  const save = (name: string, baseVersion: number, opId: OpId = till.opId()) =>
    till.client['documents.save']({
      ...{ opId, kind: 'group' as const, id: 'staff', baseVersion, body: group(name, baseVersion + 1) },
    });

  test('count here at once, one version after the other, and a repeat saves nothing', async () => {
    const opId = till.opId();
    await save('One', 0, opId);
    await save('One', 0, opId);
    await save('Two', 1);
    const list = await till.client['documents.list']({ kind: 'group' });
    expect(list).toMatchObject([{ id: 'staff', isPending: true, body: { version: 2, name: 'Two' } }]);
    expect(await code(save('Late', 1))).toBe('document_changed');
    expect((await till.client['till.verify']({})).ownOps).toBe(2);
  });

  test('are a manager’s, and must be of their kind', async () => {
    expect(await code(save('x'.repeat(61), 0))).toBe('bad_request');
    await till.signIn('supervisor');
    expect(await code(save('One', 0))).toBe('not_allowed');
  });

  test('of messages are for a manager to read, of people a supervisor reads the cashiers; lists of all cards are no cashier’s', async () => {
    const list = (kind: 'staff' | 'template' | 'group') => code(till.client['documents.list']({ kind }));
    const cards = () =>
      code(
        till.client['cards.list']({
          ...{ text: '', sort: 'number', isDescending: false, after: null, limit: 10 },
          filter: EVERY_CARD,
        }),
      );
    await till.signIn('supervisor');
    expect([await list('template'), await list('group'), await cards()]).toEqual([
      'not_allowed',
      'done',
      'done',
    ]);
    const people = await till.client['documents.list']({ kind: 'staff' });
    expect(people.map(({ body }) => [body['login'], body['pinHash']])).toEqual([['cashier', '']]);
    await till.signIn('cashier');
    expect([await list('staff'), await list('group'), await cards()]).toEqual([
      'not_allowed',
      'done',
      'not_allowed',
    ]);
  });

  test('somebody new signs in with the PIN, which no page ever sees again', async () => {
    const body = { staffId: 'staff-new', version: 1, login: 'nia', name: 'Nia', role: 'cashier' };
    const save_ = { kind: 'staff' as const, id: 'staff-new', baseVersion: 0, body };
    expect(await code(till.client['documents.save']({ opId: till.opId(), ...save_ }))).toBe('bad_request');
    await till.client['documents.save']({ opId: till.opId(), ...save_, pin: '482913' });
    const list = await till.client['documents.list']({ kind: 'staff' });
    expect(list.map(({ body: { pinHash } }) => pinHash)).toEqual(list.map(() => ''));
    await till.client['session.signIn']({ login: 'nia', pin: '482913' });
    expect((await till.client['till.get']({})).session?.person).toMatchObject({ login: 'nia' });
  });

  test('the last manager stays, and so do currency and card prefix', async () => {
    const staff = await till.client['documents.list']({ kind: 'staff' });
    const boss = must(
      staff.find(({ body }) => body['role'] === 'manager'),
      'the shop has a manager',
    );
    const gone = { ...boss, baseVersion: boss.body.version, body: { ...boss.body, isGone: true } };
    const { isPending: _, ...input } = gone;
    expect(await code(till.client['documents.save']({ opId: till.opId(), ...input }))).toBe('last_manager');
    const [chain] = await till.client['documents.list']({ kind: 'chain' });
    const body = { ...must(chain, 'there is a chain').body, cardPrefix: '999999' };
    const other = { kind: 'chain' as const, id: 'chain', baseVersion: body.version, body };
    expect(await code(till.client['documents.save']({ opId: till.opId(), ...other }))).toBe('bad_request');
  });
});

describe('an amount put right', () => {
  async function bought(amountMinor: number, member?: MemberView) {
    const who = member ?? (await enrol());
    const reply = await till.client['points.credit']({
      opId: till.opId(),
      cardId: cardOf(who).cardId,
      ...{ amountMinor, receiptNo: 'R1', points: null, reason: '' },
    });
    return { member: who, entryOpId: reply.opId };
  }

  test('says old and new points first, then books both entries', async () => {
    const { member, entryOpId } = await bought(5_000);
    const asked = { memberId: member.memberId, entryOpId, amountMinor: 7_000 };
    const preview = await till.client['purchases.previewEdit'](asked);
    expect(preview).toMatchObject({ oldUnits: 50, newUnits: 70, balance: 50, balanceAfter: 70 });
    const reply = await till.client['purchases.edit']({ ...asked, opId: till.opId(), reason: 'typed wrong' });
    const { confirmed, pending } = cardOf(reply.member).balance;
    expect(confirmed + pending).toBe(70);
    expect(reply.member.history.map(({ kind, delta }) => `${kind} ${delta}`).toSorted()).toEqual([
      'points.credited 50',
      'points.credited 70',
      'purchase.edited -50',
    ]);
  });

  test('is undone like any purchase, and once', async () => {
    const { member, entryOpId } = await bought(5_000);
    const asked = { memberId: member.memberId, entryOpId, amountMinor: 7_000 };
    const reply = await till.client['purchases.edit']({ ...asked, opId: till.opId(), reason: 'typed wrong' });
    const offered = reply.member.history.filter(({ canUndo }) => canUndo);
    expect(offered).toMatchObject([{ kind: 'points.credited', delta: 70 }]);
    const { opId: undoesOpId } = must(offered[0], 'it is offered');
    const undo = () =>
      till.client['entries.undo']({ opId: till.opId(), undoesOpId, reason: 'another customer' });
    const undone = await undo();
    const { confirmed, pending } = cardOf(undone.member).balance;
    expect(confirmed + pending).toBe(0);
    expect(await code(undo())).toBe('already_undone');
  });

  test('is of the last purchase only, and a supervisor’s', async () => {
    const { member, entryOpId } = await bought(5_000);
    const { entryOpId: last } = await bought(3_000, member);
    const edit = (of: OpId) =>
      till.client['purchases.edit']({
        ...{ opId: till.opId(), memberId: member.memberId, entryOpId: of, amountMinor: 100, reason: 'x' },
      });
    expect(await code(edit(entryOpId))).toBe('edit_too_late');
    await till.signIn('cashier');
    expect(await code(edit(last))).toBe('not_allowed');
    await till.signIn('supervisor');
    expect(await code(edit(last))).toBe('done');
  });
});

test('what can be filled in is listed in the order of a form, built-ins first', async () => {
  const list = await till.client['attributes.list']({});
  expect(list.map(({ attributeId }) => attributeId)).toEqual([
    'fax',
    'identifierType',
    'identifierValue',
    'accountAllowed',
    'billingStatus',
    'rating',
    'reviews',
    'device',
    'utm',
  ]);
});
