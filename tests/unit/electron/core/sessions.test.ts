import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder, openTestTill, seedFolder } from '../../../parts/till.ts';

let dir: string;
let nowMs = Date.now();
const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() };
beforeEach(async () => {
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
  nowMs += 31_000;
  expect(await attempt(again, '000001')).toBe('pin_wrong');
  nowMs += 31_000;
  expect(await attempt(again, '480617')).toBe('pin_locked');
  nowMs += 31_000;
  expect(await attempt(again, '480617')).toBe('in');
  await again.close();
});

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
