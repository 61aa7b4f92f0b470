import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import type { Session } from '../../../../electron/contract/till.ts';
import { createOpWriter } from '../../../../electron/core/op-writer.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import type { CardId, MemberId, OpId, StaffId } from '../../../../sync/base/ids.ts';
import { newId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import type { Op } from '../../../../sync/model/op.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { PINS } from '../../../parts/shop.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';
import { addTan } from './tan.ts';

const OTHER = { login: 'lim', pin: '583017' };
const LEAD = { login: 'supervisor', pin: PINS.supervisor };
let till: TestTill;
let cardId: CardId;
let memberId: MemberId;
beforeEach(async () => {
  till = await startTestTill();
  const tan = await addTan(till);
  ({ cardId } = tan);
  ({ memberId } = tan.member);
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

/** A second manager, as the first one brings her in. */
async function addManager(role = 'manager'): Promise<StaffId> {
  const id = newId<StaffId>();
  const body = { staffId: id, version: 1, login: OTHER.login, name: 'Lim', role, isGone: false };
  const saved = { opId: till.opId(), kind: 'staff', id, baseVersion: 0, body, pin: OTHER.pin } as const;
  await till.client['documents.save'](saved);
  return id;
}

const anonymise = (second: { login: string; pin: string }, opId = till.opId()) =>
  till.client['members.anonymise']({ opId, memberId, reason: 'asked', second });
const stateNow = async () => (await till.client['members.get']({ memberId })).state;
/** The till's last op, as its file keeps it. */
async function lastOp(): Promise<Op> {
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const last = must(file.ops.listAfter(0, 100).at(-1), 'the till has done something');
  file.close();
  till = openTestTill(till.dir);
  return last.op;
}

test('nobody anonymises alone: not with her own PIN, not with a cashier’s, not with a wrong one', async () => {
  const before = (await lastOp()).tseq;
  for (const second of [
    { login: 'manager', pin: PINS.manager },
    { login: 'cashier', pin: PINS.cashier },
  ])
    await expect(anonymise(second)).rejects.toMatchObject({ code: 'second_person' });
  await expect(anonymise({ ...LEAD, pin: '111111' })).rejects.toMatchObject({ code: 'pin_wrong' });
  await expect(anonymise({ login: 'nobody', pin: '111111' })).rejects.toMatchObject({ code: 'pin_wrong' });
  expect([await stateNow(), (await lastOp()).tseq]).toEqual(['active', before]);
});

test('with a supervisor beside her it is done, and the op names both; the screen stays hers', async () => {
  const opId = till.opId();
  await anonymise(LEAD, opId);
  expect(await stateNow()).toBe('anonymised');
  expect((await till.client['till.get']({})).session?.person.login).toBe('manager');
  const { actorId, body, tseq } = await lastOp();
  expect([actorId, body]).toMatchObject(['staff-manager', { secondId: 'staff-supervisor' }]);
  // The answer was lost, and the press comes again: it is known, whatever is typed beside it.
  await anonymise({ ...LEAD, pin: '000000' }, opId);
  expect((await lastOp()).tseq).toBe(tseq);
});

test('whoever is no manager may not ask, and the PIN beside her is not tried; wrong ones count as at a sign-in', async () => {
  await till.signIn('supervisor');
  const wrong = { login: 'manager', pin: '111111' };
  for (let tries = 0; tries < 6; tries += 1)
    await expect(anonymise(wrong)).rejects.toMatchObject({ code: 'not_allowed' });
  await till.signIn('manager');
  for (let tries = 0; tries < 4; tries += 1)
    await expect(anonymise({ ...LEAD, pin: '111111' })).rejects.toMatchObject({ code: 'pin_wrong' });
  await expect(anonymise(LEAD)).rejects.toMatchObject({ code: 'pin_locked' });
  expect(await stateNow()).toBe('active');
});

test('no way round the dialog: what names nobody, herself, a cashier or somebody unknown is not saved', async () => {
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const staff = (id: string) => (id === 'staff-unknown' ? undefined : { role: id.slice('staff-'.length) });
  const parts = {
    ...{ till: file, crypto: testCrypto, isUpdateNeeded: () => false, onSaved: () => undefined },
    directory: { staff, isGuarded: () => false, businessDay: (_nowMs: number, lastDay: string) => lastDay },
    settings: createTillSettings(file.settings),
    clock: { nowMs: () => Date.now(), wallMs: () => Date.now() },
  };
  // Cast: what such an op is saved with, and no more.
  const writer = createOpWriter(parts as unknown as Parameters<typeof createOpWriter>[0]);
  const session = { person: { staffId: 'staff-manager', role: 'manager' } } as unknown as Session;
  const save = (named: { secondId?: StaffId }) =>
    writer.commit({
      ...{ opId: newId<OpId>(), session, kind: 'member.state', asked: {} },
      make: () => ({
        body: { kind: 'member.state', memberId, state: 'anonymised', epoch: 1, reason: '', ...named },
        memberState: 'active',
      }),
    });
  const before = file.ops.last()?.tseq;
  for (const secondId of ['staff-manager', 'staff-cashier', 'staff-unknown'] as StaffId[])
    expect(() => save({ secondId })).toThrow(expect.objectContaining({ code: 'second_person' }));
  expect(() => save({})).toThrow(expect.objectContaining({ code: 'second_person' }));
  expect(file.ops.last()?.tseq).toBe(before);
  save({ secondId: 'staff-supervisor' as StaffId });
  file.close();
  till = openTestTill(till.dir);
});

const give = (points: number, second: { login: string; pin: string } | null = null) =>
  till.client['points.credit']({
    ...{ opId: till.opId(), cardId, points, amountMinor: null, receiptNo: '', reason: 'sorry', second },
  });

test('beyond a manager’s limit of a day another manager stands by it, and it counts against neither', async () => {
  const lim = await addManager();
  await expect(give(5_001)).rejects.toMatchObject({ code: 'hand_limit' });
  await expect(give(5_001, LEAD)).rejects.toMatchObject({ code: 'second_person' });
  await expect(give(5_001, { login: 'manager', pin: PINS.manager })).rejects.toMatchObject({
    code: 'second_person',
  });
  await give(9_000, OTHER);
  expect((await lastOp()).body).toMatchObject({ points: 9_000, secondId: lim });
  await give(5_000);
  await expect(give(1)).rejects.toMatchObject({ code: 'hand_limit' });
  await till.client['session.signIn'](OTHER);
  await give(5_000);
});

test('a supervisor’s limit stays hers, whoever stands beside her', async () => {
  await addManager();
  await till.signIn('supervisor');
  await expect(give(501, OTHER)).rejects.toMatchObject({ code: 'not_allowed' });
  await give(500);
});
