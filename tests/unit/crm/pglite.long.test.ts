import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockFolder } from '../../../crm/folder-lock.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { buildAll } from '../../../build/build.mjs';
import { ROOT } from '../../../build/targets.mjs';
import { startCentreChild, type CentreChild } from '../../parts/centre.ts';
import { openTestCentre } from './test-centre.ts';
import { injected, overHttp, readHeaders, TestTill } from './test-till.ts';

let folder: string;
const children: CentreChild[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-crm-'));
});

afterAll(async () => {
  for (const child of children) await child.kill();
  await rm(folder, { recursive: true, force: true });
});

test('a folder is free again when its holder lets go', async () => {
  const own = join(folder, 'lock');
  const unlock = await lockFolder(own);
  await expect(lockFolder(own)).rejects.toThrow(own);
  await unlock();
  await (
    await lockFolder(own)
  )();
});

/** What the first test leaves in the folder; the second one goes on with it. */
let tills: TestTill[] = [];
let verified: unknown;

test('the embedded database takes pushes at once, and its folder belongs to one process', async () => {
  const own = join(folder, 'centre');
  const open = await openTestCentre({ folder: own });
  const post = injected(open.app);
  tills = await Promise.all(Array.from({ length: 4 }, () => TestTill.enrol(post)));
  for (const till of tills) {
    const ref = till.makeMember();
    for (let count = 0; count < 30; count += 1) till.stamp(ref);
  }
  await Promise.all(tills.flatMap((till) => [till.send(), till.send(), till.send()]));
  for (const till of tills) await till.sync();
  verified = await verifyCentre(open.centre);
  expect(verified).toMatchObject({ members: 4, accounts: 4, problems: [] });
  await expect(openTestCentre({ folder: own })).rejects.toThrow('Another CRM has the data folder');
  await open.close();
}, 60_000);

async function verifyOver(url: string): Promise<unknown> {
  const headers = readHeaders(tills[0]?.enrolled.token ?? '');
  return (await fetch(`${url}/v1/verify`, { headers })).json();
}

test('a restart keeps everything; SIGKILL while tills push loses no acknowledged op', async () => {
  await buildAll(['crm']);
  const bundle = join(ROOT, 'out/crm/index.cjs');
  const options = { folder: join(folder, 'centre') };
  const first = await startCentreChild(bundle, options);
  children.push(first);
  expect(await verifyOver(first.url)).toEqual(verified);
  await expect(startCentreChild(bundle, options)).rejects.toThrow('Another CRM has the data folder');

  for (const till of tills) till.post = overHttp(first.url);
  let acked = 0;
  const pushUntilDeath = async (till: TestTill): Promise<void> => {
    const ref = till.makeMember();
    for (;;) {
      till.stamp(ref);
      await till.exchange();
      acked += 1;
      if (acked === 120) first.process.kill('SIGKILL');
    }
  };
  const ends = await Promise.allSettled(tills.map(pushUntilDeath));
  expect([acked >= 120, ...ends.map((end) => end.status)]).toEqual([true, ...tills.map(() => 'rejected')]);

  const second = await startCentreChild(bundle, options);
  children.push(second);
  for (const till of tills) {
    till.post = overHttp(second.url);
    const [reply] = await till.sync();
    expect(reply?.hiTseq).toBe(till.ops.length);
  }
  expect(await verifyOver(second.url)).toMatchObject({ members: 8, problems: [] });
  await second.stop();
  expect(second.process.exitCode).toBe(0);
}, 90_000);
