import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openTill } from '../../../../db/till/open.ts';
import { KEY_HEX, makeFolder, openTestTill, seedFolder } from '../../../parts/till.ts';

let dir: string;
let upMs = 100_000;
let nowMs = Date.now();
const clock = { nowMs: () => nowMs, monotonicMs: () => upMs };
beforeEach(async () => {
  upMs = 100_000;
  dir = makeFolder();
  await seedFolder(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const attempt = async (till: ReturnType<typeof openTestTill>, pin: string): Promise<string> =>
  till.client['session.signIn']({ login: 'cashier', pin }).then(
    () => 'in',
    (cause: { code: string }) => cause.code,
  );

test('wrong PINs cost a growing wait that a restart does not shorten', async () => {
  const till = openTestTill(dir, { clock });
  for (let wrong = 0; wrong < 4; wrong += 1) expect(await attempt(till, '000001')).toBe('pin_wrong');
  expect(await attempt(till, '480617')).toBe('pin_locked');
  await till.close();
  const again = openTestTill(dir, { clock });
  expect(await attempt(again, '480617')).toBe('pin_locked');
  upMs += 31_000;
  expect(await attempt(again, '000001')).toBe('pin_wrong');
  upMs += 31_000;
  expect(await attempt(again, '480617')).toBe('pin_locked');
  upMs += 31_000;
  expect(await attempt(again, '480617')).toBe('in');
  await again.close();
});

test('a refusal says for how many seconds it is of no use to try again, as of then', async () => {
  const till = openTestTill(dir, { clock });
  const refusal = (pin: string) =>
    till.client['session.signIn']({ login: 'cashier', pin }).catch((cause: unknown) => cause);
  for (let wrong = 0; wrong < 4; wrong += 1)
    expect(await refusal('000001')).toMatchObject({ waitSeconds: null });
  expect(await refusal('480617')).toMatchObject({ code: 'pin_locked', waitSeconds: 30 });
  upMs += 12_400;
  expect(await refusal('480617')).toMatchObject({ code: 'pin_locked', waitSeconds: 18 });
  upMs += 17_600;
  expect(await refusal('000001')).toMatchObject({ code: 'pin_wrong', waitSeconds: null });
  expect(await refusal('480617')).toMatchObject({ code: 'pin_locked', waitSeconds: 60 });
  await till.close();
});

test.each([
  ['forward', 400 * 86_400_000],
  ['back', -400 * 86_400_000],
])(
  'a PC clock that is set %s frees no locked PIN, and a restart of the machine does not either',
  async (_, byMs) => {
    const till = openTestTill(dir, { clock });
    for (let wrong = 0; wrong < 4; wrong += 1) expect(await attempt(till, '000001')).toBe('pin_wrong');
    nowMs += byMs;
    expect(await attempt(till, '480617')).toBe('pin_locked');
    await till.close();
    upMs = 20_000;
    const booted = openTestTill(dir, { clock });
    expect(await attempt(booted, '480617')).toBe('pin_locked');
    upMs += 11_000;
    expect(await attempt(booted, '480617')).toBe('in');
    await booted.close();
  },
);

test('a core forked again in the same run of the app takes up the session; another run does not', async () => {
  const first = openTestTill(dir, { bootId: 'one' });
  await first.signIn('cashier');
  await first.close();
  const sameRun = openTestTill(dir, { bootId: 'one' });
  expect((await sameRun.client['till.get']({})).session?.person.login).toBe('cashier');
  await sameRun.close();
  const nextRun = openTestTill(dir, { bootId: 'two' });
  expect((await nextRun.client['till.get']({})).session).toBeNull();
  await nextRun.close();
});

test('names that nobody has are counted together, whatever is typed, and lock no person out', async () => {
  const till = openTestTill(dir, { clock });
  const typed = ['nobody-1', 'nobody-2', 'nobody-3', 'nobody-4', 'nobody-5'];
  const codes: string[] = [];
  for (const login of typed) {
    const failed = till.client['session.signIn']({ login, pin: '000001' });
    codes.push(
      await failed.then(
        () => 'in',
        (cause: { code: string }) => cause.code,
      ),
    );
  }
  expect(codes).toEqual(['pin_wrong', 'pin_wrong', 'pin_wrong', 'pin_wrong', 'pin_locked']);
  expect(await attempt(till, '480617')).toBe('in');
  await till.close();
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  for (const login of typed) expect(file.settings.get(`pin-failures:${login}`, z.unknown())).toBeUndefined();
  file.close();
});
