import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DocumentView } from '../../../../electron/contract/documents.ts';
import { must } from '../../../../sync/base/must.ts';
import { Chain } from '../../../../sync/model/chain.ts';
import { PINS, STORE_ID } from '../../../parts/shop.ts';
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
const find = async (kind: DocumentView['kind'], id: string): Promise<DocumentView> =>
  must(
    (await till.client['documents.list']({ kind })).find((each) => each.id === id),
    'the shop has it',
  );
interface Asked {
  readonly kind: DocumentView['kind'];
  readonly id: string;
  readonly change: object;
  readonly pin?: string;
  readonly ownPin?: string;
}
/** The next version of a document, changed. */
async function change({ kind, id, change: changes, ...pins }: Asked, opId = till.opId()): Promise<string> {
  const { body } = await find(kind, id);
  const next = { opId, kind, id, baseVersion: body.version, body: { ...body, ...changes }, ...pins };
  return code(till.client['documents.save'](next));
}
const add = (named: Pick<DocumentView, 'kind' | 'id'>, body: object, pin?: string): Promise<string> =>
  code(
    till.client['documents.save']({
      ...{ opId: till.opId(), ...named, baseVersion: 0, body: { version: 1, ...body } },
      ...(pin !== undefined && { pin }),
    }),
  );
const NIA = { kind: 'staff', id: 'staff-nia' } as const;
const KATONG = { kind: 'store', id: 'store-2' } as const;
const signIn = (login: string, pin: string): Promise<string> =>
  code(till.client['session.signIn']({ login, pin }));
const nia = { staffId: 'staff-nia', login: 'nia', name: 'Nia', role: 'cashier' };

describe('PINs', () => {
  test('a PIN that is easy to guess is refused, for somebody new and for a reset', async () => {
    for (const pin of ['000000', '123456', '98765432', '4829'])
      expect(await add(NIA, nia, pin)).toBe('pin_weak');
    const reset = { kind: 'staff', id: 'staff-cashier', change: {}, pin: '111111' } as const;
    expect(await change(reset)).toBe('pin_weak');
    expect((await till.client['till.verify']({})).ownOps).toBe(0);
  });

  test('after a reset the old PIN is refused and the new one works', async () => {
    expect(await change({ kind: 'staff', id: 'staff-cashier', change: {}, pin: '905173' })).toBe('done');
    expect(await signIn('cashier', PINS.cashier)).toBe('pin_wrong');
    expect(await signIn('cashier', '905173')).toBe('done');
  });

  test('nobody resets her own PIN: she changes it with the one she has', async () => {
    const own = { kind: 'staff', id: 'staff-manager', change: {}, pin: '905173' } as const;
    expect(await change(own)).toBe('pin_wrong');
    expect(await change({ ...own, ownPin: '222333' })).toBe('pin_wrong');
    expect(await change({ ...own, ownPin: PINS.manager })).toBe('done');
    expect(await signIn('manager', '905173')).toBe('done');
  });

  test('her own PIN once more after a lost answer: saved is saved', async () => {
    const opId = till.opId();
    const { kind, id, body } = await find('staff', 'staff-manager');
    const saving = { opId, kind, id, baseVersion: body.version, body, pin: '905173', ownPin: PINS.manager };
    expect(await code(till.client['documents.save'](saving))).toBe('done');
    expect(await code(till.client['documents.save'](saving))).toBe('done');
    expect((await till.client['till.verify']({})).ownOps).toBe(1);
  });

  test('wrong guesses at the own PIN make her wait, as at the sign-in', async () => {
    const own = { kind: 'staff', id: 'staff-manager', change: {}, pin: '905173', ownPin: '222333' } as const;
    for (let at = 0; at < 4; at += 1) expect(await change(own)).toBe('pin_wrong');
    expect(await change({ ...own, ownPin: PINS.manager })).toBe('pin_locked');
  });
});

describe('a supervisor', () => {
  test('a supervisor gives a cashier another PIN, and that alone: not hers, not a manager’s, nothing else, nobody new', async () => {
    await add(NIA, { ...nia, role: 'supervisor' }, '905173');
    await till.signIn('supervisor');
    const listed = await till.client['documents.list']({ kind: 'staff' });
    expect(listed.map(({ id }) => id)).toEqual(['staff-cashier']);
    const cashier = { kind: 'staff', id: 'staff-cashier', pin: '731904' } as const;
    expect(await change({ ...cashier, change: {} })).toBe('done');
    for (const more of [{ role: 'manager' }, { name: 'Other' }, { login: 'other' }, { isGone: true }])
      expect(await change({ ...cashier, change: more })).toBe('not_allowed');
    expect(
      await add({ kind: 'staff', id: 'staff-new' }, { ...nia, staffId: 'staff-new', login: 'new' }, '731904'),
    ).toBe('not_allowed');
    for (const [login, role] of [
      ['manager', 'manager'],
      ['nia', 'supervisor'],
      ['supervisor', 'supervisor'],
    ] as const) {
      const id = `staff-${login}`;
      const name = login === 'nia' ? 'Nia' : login;
      const body = { version: 1, staffId: id, login, name, role, isGone: false };
      const pins = { pin: '731904', ...(login === 'supervisor' && { ownPin: PINS.supervisor }) };
      const saving = { opId: till.opId(), kind: 'staff', id, baseVersion: 1, body, ...pins } as const;
      expect([id, await code(till.client['documents.save'](saving))]).toEqual([id, 'not_allowed']);
    }
    expect(await signIn('cashier', '731904')).toBe('done');
  });

  test('whoever forgot her PIN and tried until she was locked out comes in with the new one at once', async () => {
    await till.signIn('supervisor');
    const lockOut = async (): Promise<void> => {
      for (let tries = 0; tries < 4; tries += 1) expect(await signIn('cashier', '111111')).toBe('pin_wrong');
      expect(await signIn('cashier', PINS.cashier)).toBe('pin_locked');
    };
    await lockOut();
    const { body } = await find('staff', 'staff-cashier');
    const reset = { kind: 'staff', id: 'staff-cashier', baseVersion: body.version, body } as const;
    const opId = till.opId();
    await till.client['documents.save']({ ...reset, opId, pin: '731904' });
    expect(await signIn('cashier', '731904')).toBe('done');
    await till.signIn('supervisor');
    await lockOut();
    // The same press once more sets nothing, and frees no guessing.
    await till.client['documents.save']({ ...reset, opId, pin: '731904' });
    expect(await signIn('cashier', '731904')).toBe('pin_locked');
  });
});

describe('names and roles', () => {
  test('no sign-in name is given twice, however it is written; the name of somebody who left is free', async () => {
    expect(await add(NIA, { ...nia, login: 'CASHIER' }, '482913')).toBe('login_taken');
    expect(await change({ kind: 'staff', id: 'staff-cashier', change: { isGone: true } })).toBe('done');
    expect(await add(NIA, { ...nia, login: 'CASHIER' }, '482913')).toBe('done');
  });

  test('the last manager neither leaves nor gets another role; with a second one she may', async () => {
    const gone = { kind: 'staff', id: 'staff-manager', change: { isGone: true } } as const;
    expect(await change(gone)).toBe('last_manager');
    expect(await change({ ...gone, change: { role: 'supervisor' } })).toBe('last_manager');
    expect(await add(NIA, { ...nia, role: 'manager' }, '482913')).toBe('done');
    expect(await change(gone)).toBe('done');
  });

  test('a till knows who works in its shop, who in another, and who in all', async () => {
    const others = { storeId: 'store-2', timeZone: 'UTC', name: 'Katong' };
    expect(await add(KATONG, others)).toBe('done');
    await change({ kind: 'staff', id: 'staff-cashier', change: { storeId: STORE_ID } });
    await change({ kind: 'staff', id: 'staff-supervisor', change: { storeId: 'store-2' } });
    const { people } = await till.client['till.get']({});
    expect(people.map(({ login, worksHere }) => [login, worksHere])).toEqual([
      ['cashier', true],
      ['manager', undefined],
      ['supervisor', false],
    ]);
  });
});

describe('shops', () => {
  test('a shop needs a clock that there is: days are counted by it', async () => {
    expect(await add(KATONG, { storeId: 'store-2', name: 'Katong', timeZone: 'Asia/Atlantis' })).toBe(
      'bad_request',
    );
    expect(await change({ kind: 'store', id: STORE_ID, change: { timeZone: 'Asia/Atlantis' } })).toBe(
      'bad_request',
    );
  });

  test('the last open shop stays open', async () => {
    const shut = { kind: 'store', id: STORE_ID, change: { isRetired: true } } as const;
    expect(await change(shut)).toBe('last_store');
    await add(KATONG, { storeId: 'store-2', name: 'Katong', timeZone: 'UTC' });
    expect(await change(shut)).toBe('done');
  });
});

describe('settings of the chain', () => {
  test('link base, shared phones, policy and limits count at this till at once', async () => {
    const { body } = await find('chain', 'chain');
    const set = { linkBase: 'https://kopi.example', sharedPhones: true, policyVersion: '2026-11' };
    expect(await change({ kind: 'chain', id: 'chain', change: set })).toBe('done');
    const { chain } = await till.client['till.get']({});
    const policiesBefore = [{ version: '2026-01', sum: '' }];
    expect(chain).toEqual({ ...body, ...set, policiesBefore, version: 2 });
  });

  test('the text of a policy is there at once, and another one needs another version', async () => {
    const policy = { policyVersion: '2026-11', policyText: 'We keep it.\n\n<b>Nobody else has it.</b>' };
    const set = (more: object): Promise<string> => change({ kind: 'chain', id: 'chain', change: more });
    expect(await set(policy)).toBe('done');
    expect(await set({ policyText: 'We sell it.' })).toBe('policy_version_used');
    expect(await set({ policyText: undefined })).toBe('policy_version_used');
    expect(await set({ policyText: 'x'.repeat(20_001), policyVersion: '3' })).toBe('bad_request');
    expect((await till.client['till.get']({})).chain).toMatchObject({ ...policy, version: 2 });
    expect(await set({ policyText: 'We sell it.', policyVersion: '2026-12' })).toBe('done');
  });

  test('the name of a version that stood before comes back with its own text only, whatever the page sends', async () => {
    const first = { policyVersion: 'A', policyText: 'We keep it.' };
    const set = (more: object): Promise<string> => change({ kind: 'chain', id: 'chain', change: more });
    const { policyVersion: paper } = Chain.parse((await find('chain', 'chain')).body);
    expect(await set(first)).toBe('done');
    expect(await set({ policyVersion: 'B', policyText: 'We share it.' })).toBe('done');
    for (const policyVersion of ['A', ' a', paper])
      for (const policyText of ['We sell it.', 'We share it.'])
        expect(await set({ policyVersion, policyText })).toBe('policy_version_used');
    expect(await set({ policyVersion: 'A', policyText: undefined })).toBe('policy_version_used');
    expect((await find('chain', 'chain')).body).toMatchObject({
      ...{ policyVersion: 'B', version: 3 },
      policiesBefore: [{ version: 'A' }, { version: paper, sum: '' }],
    });
    // What was there stays known, also where it is left out.
    expect(await set({ linkBase: 'https://kopi.example', policiesBefore: undefined })).toBe('done');
    expect(await set({ policyVersion: 'A', policyText: 'We sell it.' })).toBe('policy_version_used');
    expect(await set(first)).toBe('done');
    expect(await set({ policyVersion: 'B', policyText: 'We keep it.' })).toBe('policy_version_used');
  });

  test('a link base that is no https address is refused', async () => {
    for (const linkBase of ['http://kopi.example', 'javascript:alert(1)', 'kopi'])
      expect(await change({ kind: 'chain', id: 'chain', change: { linkBase } })).toBe('bad_request');
  });
});
