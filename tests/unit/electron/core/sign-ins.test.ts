import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import { createPortPair } from '../../../../electron/contract/port.ts';
import { contract, type CoreClient } from '../../../../electron/contract/index.ts';
import { createCoreClient } from '../../../../electron/hosts/client.ts';
import { PINS } from '../../../parts/shop.ts';
import {
  endTestTill,
  KEY_HEX,
  makeFolder,
  openTestTill,
  seedFolder,
  type TestTill,
} from '../../../parts/till.ts';

/** What somebody types who takes the one field for the other, or tries what she heard. */
const TYPED = ['Quagga Tan', '86660001', '739205'];
let till: TestTill;
let upMs: number;
beforeEach(async () => {
  upMs = 1_000_000;
  const dir = makeFolder();
  await seedFolder(dir);
  till = openTestTill(dir, { clock: { nowMs: () => Date.now(), monotonicMs: () => upMs } });
});
afterEach(() => endTestTill(till));

const attempt = (login: string, pin: string, client: CoreClient = till.client) =>
  client['session.signIn']({ login, pin }).then(
    () => 'in',
    (cause: { code: string }) => cause.code,
  );
async function lines(client: CoreClient = till.client) {
  const reply = await client['signIns.list']({ beforeNo: null });
  expect(contract['signIns.list'].output.parse(reply)).toEqual(reply);
  return reply.lines.map(({ name, act, outcome, place, tries }) => [name, act, outcome, place, tries]);
}

test('who signed in, who was refused and whose name nobody has, each stands there; what was typed does not', async () => {
  expect(await attempt('cashier', PINS.cashier)).toBe('in');
  for (const typed of TYPED) expect(await attempt(typed, typed)).toBe('pin_wrong');
  for (let wrong = 0; wrong < 4; wrong += 1)
    expect(await attempt('cashier', TYPED[1] ?? '')).toBe('pin_wrong');
  for (let waits = 0; waits < 3; waits += 1)
    expect(await attempt('cashier', PINS.cashier)).toBe('pin_locked');
  expect(await attempt('manager', PINS.manager)).toBe('in');
  expect(await lines()).toEqual([
    ['manager', 'sign_in', 'right', 'till', 1],
    ['cashier', 'sign_in', 'waits', 'till', 1],
    ['cashier', 'sign_in', 'wrong', 'till', 4],
    ['', 'sign_in', 'wrong', 'till', 3],
    ['cashier', 'sign_in', 'right', 'till', 1],
  ]);
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const kept = JSON.stringify(file.signIns.listBefore(Number.MAX_SAFE_INTEGER, 100));
  file.close();
  for (const typed of TYPED) expect(kept).not.toContain(typed);
  // Encrypted like all of a till's file.
  for (const name of readdirSync(till.dir))
    expect(readFileSync(join(till.dir, name)).toString('latin1')).not.toContain('sign_in');
});

test('it outlives the core, and is for managers', async () => {
  await till.signIn('cashier');
  const { dir } = till;
  await till.close();
  till = openTestTill(dir);
  await till.signIn('supervisor');
  await expect(lines()).rejects.toMatchObject({ code: 'not_allowed' });
  await till.signIn('manager');
  expect((await lines()).map(([name]) => name)).toEqual(['manager', 'supervisor', 'cashier']);
});

test('whoever stands by an act has shown her PIN too, right or wrong', async () => {
  await till.signIn('manager');
  const draft = { lastName: 'Tan', mobile: '9111 0001' };
  const { member } = await till.client['members.add']({
    ...{
      opId: till.opId(),
      draft,
      cardTypeId: 'points' as never,
      cardNumber: null,
      hasMarketingConsent: true,
    },
  });
  const asked = { memberId: member.memberId, reason: 'asked for it' };
  for (const pin of ['000001', PINS.supervisor])
    await till.client['members.anonymise']({
      ...{ opId: till.opId(), ...asked, second: { login: 'supervisor', pin } },
    }).catch(() => undefined);
  expect((await lines()).slice(0, 2)).toEqual([
    ['supervisor', 'second', 'right', 'till', 1],
    ['supervisor', 'second', 'wrong', 'till', 1],
  ]);
});

test('in an office a right PIN at a second page is refused until she goes on there, and both are told', async () => {
  const pages = [createPortPair(), createPortPair()].map(([near, far]) => {
    till.core.connect(far, 'office');
    return createCoreClient(near);
  }) as [CoreClient, CoreClient];
  expect(await attempt('manager', PINS.manager, pages[0])).toBe('in');
  expect(await attempt('manager', PINS.manager, pages[1])).toBe('signed_in_elsewhere');
  const manager = { login: 'manager', pin: PINS.manager, takesOver: true };
  await pages[1]['session.signIn'](manager);
  expect(await lines(pages[1])).toEqual([
    ['manager', 'sign_in', 'right', 'office', 1],
    ['manager', 'sign_in', 'elsewhere', 'office', 1],
    ['manager', 'sign_in', 'right', 'office', 1],
  ]);
});

test('a script that shows a PIN with every call is one line an hour, and pushes nobody out; each at the page is one', async () => {
  const [near, far] = createPortPair();
  till.core.connect(far, 'support');
  const script = createCoreClient(near);
  expect(await attempt('cashier', '000000')).toBe('pin_wrong');
  for (let call = 0; call < 5; call += 1) expect(await attempt('manager', PINS.manager, script)).toBe('in');
  for (let time = 0; time < 2; time += 1) expect(await attempt('manager', PINS.manager)).toBe('in');
  expect(await lines()).toEqual([
    ['manager', 'sign_in', 'right', 'till', 1],
    ['manager', 'sign_in', 'right', 'till', 1],
    ['manager', 'sign_in', 'right', 'support', 5],
    ['cashier', 'sign_in', 'wrong', 'till', 1],
  ]);
});
