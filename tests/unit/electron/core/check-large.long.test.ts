import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildReplica } from '../../../bench/replica.ts';
import { endTestTill, makeFolder, openTestTill, seedFolder, type TestTill } from '../../../parts/till.ts';

/** More than a check takes at once; the seconds of 200,000 are the bench `check`. */
const MEMBERS = 21_000;
const ANSWERS = 50;

let till: TestTill;
beforeAll(async () => {
  const dir = makeFolder();
  await seedFolder(dir);
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `replica.db${suffix}`), { force: true });
  await buildReplica(join(dir, 'replica.db'), MEMBERS);
  till = openTestTill(dir);
  await till.signIn('cashier');
}, 60_000);
afterAll(() => endTestTill(till));

test('while a large copy is checked, calls are answered and stamps are saved between its slices (R-D9)', async () => {
  let isDone = false;
  const checking = till.client['till.verify']({}).finally(() => (isDone = true));
  let answers = 0;
  while (!isDone) {
    await till.client['core.ping']({});
    // The port is in this process: answers alone would leave no turn to the check.
    await nextTurn();
    answers += 1;
    if (answers !== ANSWERS) continue;
    const draft = { lastName: 'Meanwhile' };
    const rest = { draft, cardTypeId: null, cardNumber: null, hasMarketingConsent: false };
    await till.client['members.add']({ opId: till.opId(), ...rest });
    expect(isDone).toBe(false);
  }
  expect(await checking).toMatchObject({ ok: true, members: MEMBERS, problems: [] });
  // The rows alone give way some sixty times; the pages are read in a thread of their own.
  expect(answers).toBeGreaterThan(1_000);
});
