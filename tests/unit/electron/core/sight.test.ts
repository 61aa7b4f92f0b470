import { afterEach, beforeEach, expect, test } from 'vitest';
import { join } from 'node:path';
import { DbError } from '../../../../db/errors.ts';
import { openTill } from '../../../../db/till/open.ts';
import type { CoreClient } from '../../../../electron/contract/index.ts';
import type { RevealReason } from '../../../../electron/contract/members.ts';
import { createPortPair } from '../../../../electron/contract/port.ts';
import type { Ctx } from '../../../../electron/core/ctx.ts';
import { opensWhole } from '../../../../electron/core/sight.ts';
import { findMemberId } from '../../../../electron/hosts/cli/targets.ts';
import { createCoreClient } from '../../../../electron/hosts/client.ts';
import { newId, type MemberId } from '../../../../sync/base/ids.ts';
import { PINS } from '../../../parts/shop.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

const WHOLE = {
  ...{
    mobile: '+6591110001',
    phone: '+6561110002',
    email: 'wei.ling@example.com',
    dateOfBirth: '1987-03-29',
  },
  ...{ street1: '5 Tiong Poh Road', street2: '#03-12', postalCode: '160005' },
};
const NONE = {
  mobile: null,
  phone: null,
  email: null,
  dateOfBirth: null,
  street1: '',
  street2: '',
  postalCode: '',
};
const MASKS = {
  ...{ mobile: '+65 9••• •001', phone: '+65 6••• •002', email: 'w•••@e•••.com', dateOfBirth: '••••' },
  ...{ street1: '••••', street2: '••••', postalCode: '••••' },
};

let till: TestTill;
let memberId: MemberId;
let otherId: MemberId;
beforeEach(async () => {
  till = await startTestTill();
  memberId = await enrol({ lastName: 'Tan', ...WHOLE, city: 'Singapore', notes: 'oat milk' });
  otherId = await enrol({ lastName: 'Ong', mobile: '9222 0002' });
});
afterEach(() => endTestTill(till));

async function enrol(draft: object): Promise<MemberId> {
  const form = { draft, cardTypeId: 'coffee' as never, cardNumber: null, hasMarketingConsent: false };
  const { member } = await till.client['members.add']({ opId: till.opId(), ...form });
  return member.memberId;
}
const get = (id = memberId, client: CoreClient = till.client) => client['members.get']({ memberId: id });
const masks = async (id?: MemberId) => (await get(id)).masked;
const reveal = (reason: RevealReason | '' = 'contact', id = memberId) =>
  till.client['members.reveal']({ memberId: id, reason: reason as RevealReason });
const edit = (draft: object) => till.client['members.edit']({ opId: till.opId(), memberId, draft });
async function looks() {
  await till.signIn('manager');
  const { lines } = await till.client['signIns.list']({ kind: 'looks', beforeNo: null });
  return lines.map(({ name, act, outcome, place, tries, memberName }) => {
    return [name, act, outcome, place, tries, memberName];
  });
}

test.each([
  ['cashier', NONE, MASKS],
  ['supervisor', NONE, MASKS],
  ['manager', WHOLE, {}],
] as const)('a %s opens a member and sees what the role needs', async (role, fields, masked) => {
  await till.signIn(role);
  const member = await get();
  expect(member).toMatchObject({ fields, mobileText: masked === MASKS ? MASKS.mobile : '+65 9111 0001' });
  expect(member.masked).toEqual(masked);
  expect(member.fields).toMatchObject({ lastName: 'Tan', city: 'Singapore', notes: 'oat milk' });
  const { mobileText } = await till.client['members.previewRemoval']({ memberId });
  expect(mobileText).toBe(masked === MASKS ? MASKS.mobile : '+65 9111 0001');
});

test('the command line without a PIN sees masks, and with one what that person sees', async () => {
  const [near, far] = createPortPair();
  till.core.connect(far, 'support');
  const support = createCoreClient(near);
  expect((await get(memberId, support)).masked).toEqual(MASKS);
  await support['session.signIn']({ login: 'manager', pin: PINS.manager });
  expect((await get(memberId, support)).fields).toMatchObject(WHOLE);
  // The page's cashier sees no more for that.
  expect(await masks()).toEqual(MASKS);
  expect(await looks()).toEqual([['manager', 'look', 'role', 'support', 1, 'Tan']]);
});

test('whoever is named on the command line, by whatever key, is not looked at for that', async () => {
  const { supportId, lookupId } = { ...(await get()), lookupId: 'T-1' };
  await edit({ lookupId });
  const [near, far] = createPortPair();
  till.core.connect(far, 'support');
  const support = createCoreClient(near);
  await support['session.signIn']({ login: 'manager', pin: PINS.manager });
  for (const text of [supportId, ` ${supportId.toLowerCase()}`, lookupId, WHOLE.mobile, WHOLE.email])
    expect(await findMemberId(support, text), text).toBe(memberId);
  await expect(findMemberId(support, supportId.slice(0, 4))).rejects.toMatchObject({ code: 'not_found' });
  expect(await looks()).toEqual([]);
});

test('an office shows each person what her role needs, at the same moment', async () => {
  const seat = async (login: 'supervisor' | 'manager') => {
    const [near, far] = createPortPair();
    till.core.connect(far, 'office');
    const client = createCoreClient(near);
    await client['session.signIn']({ login, pin: PINS[login] });
    return client;
  };
  const [supervisor, manager] = [await seat('supervisor'), await seat('manager')];
  expect((await get(memberId, supervisor)).masked).toEqual(MASKS);
  expect((await get(memberId, manager)).masked).toEqual({});
  expect((await supervisor['members.reveal']({ memberId, reason: 'asked' })).fields).toMatchObject(WHOLE);
  expect((await get(memberId, supervisor)).fields).toMatchObject(WHOLE);
});

test('a supervisor says why and sees her whole, until another member is opened', async () => {
  await till.signIn('supervisor');
  await expect(reveal('')).rejects.toMatchObject({ code: 'bad_request' });
  expect(await masks()).toEqual(MASKS);
  expect((await reveal()).fields).toMatchObject(WHOLE);
  expect((await edit({ notes: 'tea' })).member.fields).toMatchObject({ ...WHOLE, notes: 'tea' });
  expect(await masks()).toEqual({});
  expect(await masks(otherId)).toEqual({ mobile: '+65 9••• •002' });
  expect(await masks()).toEqual(MASKS);
});

test('an answer about another member, however late, takes nothing from the one who is open, and gives nothing', async () => {
  await till.signIn('supervisor');
  await reveal();
  await reveal('contact', otherId);
  expect((await edit({ notes: 'tea' })).member.masked).toEqual(MASKS);
  const newId = await enrol({ lastName: 'Lim', mobile: '9444 0004' });
  expect(await masks(otherId)).toEqual({});
  expect(await masks(newId)).toEqual({ mobile: '+65 9••• •004' });
});

test('a manager’s deed at somebody whom she did not open is no look; whom she opened or made stays whole', async () => {
  await till.signIn('manager');
  expect((await edit({ notes: 'from a list' })).member.masked).toEqual(MASKS);
  expect(await looks()).toEqual([]);
  await get();
  await get(otherId);
  // From the page of the first one, which a look at the other one did not close.
  const { member } = await edit({ notes: 'oat' });
  expect([member.masked, member.fields]).toMatchObject([{}, WHOLE]);
  const form = { draft: { lastName: 'Lim', mobile: '9444 0004' }, cardTypeId: null, cardNumber: null };
  const added = await till.client['members.add']({ opId: till.opId(), ...form, hasMarketingConsent: false });
  expect([added.member.masked, added.member.fields.mobile]).toEqual([{}, '+6594440004']);
  expect(await looks()).toEqual([
    ['manager', 'look', 'role', 'till', 1, 'Lim'],
    ['manager', 'look', 'role', 'till', 1, 'Ong'],
    ['manager', 'look', 'role', 'till', 1, 'Tan'],
  ]);
});

test('what was shown to one is over when she signs out, and never was for the next', async () => {
  await till.signIn('supervisor');
  await reveal();
  await till.client['session.signOut']({});
  await till.signIn('cashier');
  expect(await masks()).toEqual(MASKS);
  await till.signIn('supervisor');
  expect(await masks()).toEqual(MASKS);
});

test('a cashier is refused, and nothing is kept of a look that there was not', async () => {
  await expect(reveal()).rejects.toMatchObject({ code: 'not_allowed' });
  await till.signIn('supervisor');
  await expect(reveal('asked', newId())).rejects.toMatchObject({ code: 'not_found' });
  expect(await masks()).toEqual(MASKS);
  expect(await looks()).toEqual([]);
});

test('who saw whom whole, and why, is kept, outlives the core and names nothing of what was seen', async () => {
  await till.signIn('supervisor');
  await reveal('complaint');
  await till.signIn('manager');
  for (const id of [memberId, memberId, otherId, memberId]) await get(id);
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const kept = JSON.stringify(file.signIns.listBefore(Number.MAX_SAFE_INTEGER, 100));
  file.close();
  expect(kept).toContain(memberId);
  for (const value of [...Object.values(WHOLE), 'Tan']) expect(kept).not.toContain(value);
  till = openTestTill(till.dir);
  expect(await looks()).toEqual([
    ['manager', 'look', 'role', 'till', 1, 'Ong'],
    ['manager', 'look', 'role', 'till', 2, 'Tan'],
    ['supervisor', 'look', 'complaint', 'till', 1, 'Tan'],
  ]);
  const { lines } = await till.client['signIns.list']({ beforeNo: null });
  expect(lines.map(({ act, memberId: id }) => [act, id])).not.toContainEqual(['look', memberId]);
});

test('what can not be kept is not shown: a full disk leaves the masks', () => {
  const session = { person: { staffId: 'm', login: 'm', name: 'M', role: 'manager' }, startedAtMs: 0 };
  const ctx = {
    ...{ session, screen: 'till', clock: { nowMs: () => 1 }, openMembers: new WeakMap() },
    directory: { staff: () => undefined },
    till: {
      signIns: {
        add: () => {
          throw new DbError('full', 'till');
        },
      },
    },
  } as unknown as Ctx;
  expect(opensWhole(ctx, memberId)).toBe(false);
});

test('a mask is never saved; what is typed over it is, by a cashier too, and found whole', async () => {
  for (const [field, mask] of Object.entries(MASKS))
    await expect(edit({ [field]: mask }), field).rejects.toMatchObject({ code: 'bad_request' });
  const { member } = await edit({ mobile: '9333 0003', email: 'Tan@new.sg' });
  expect(member.masked).toMatchObject({ mobile: '+65 9••• •003', email: 't•••@n•••.sg' });
  const { members } = await till.client['members.lookup']({ text: '93330003' });
  expect(members.map((hit) => hit.memberId)).toEqual([memberId]);
  await till.signIn('manager');
  const after = { ...WHOLE, mobile: '+6593330003', email: 'tan@new.sg' };
  expect((await get()).fields).toMatchObject(after);
});
