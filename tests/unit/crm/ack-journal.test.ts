import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAckJournal } from '../../../crm/ack-journal.ts';
import { startServer, type RunningServer } from '../../../crm/server.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { FORM } from './test-centre.ts';
import { codeOf, overHttp, TestTill } from './test-till.ts';

let folder: string;
let server: RunningServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-crm-'));
  await writeFile(join(folder, 'setup.json'), JSON.stringify(FORM));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<RunningServer> {
  const clock = { nowMs: () => Date.now() };
  const log = pino({ level: 'silent' });
  const rest = { host: '127.0.0.1', port: 0, databaseUrl: null, isDemo: false, onDeath: () => undefined };
  server = await startServer({ ...rest, folder, clock, log, setupFile: join(folder, 'setup.json') });
  return server;
}

async function stop(): Promise<void> {
  await server?.stop();
  server = undefined;
}

/** A till whose pushes are `ops` of each of the ids. */
const pushOf = (till: TestTill, from: number, to: number) => ({
  ...{
    tillId: till.enrolled.tillId,
    incarnation: 1,
    epoch: '',
    cursor: 0,
    fence: '',
    newFence: 'ab'.repeat(16),
  },
  ...{ ackedTseq: from, ackedHash: till.hashAt(from), lastTseq: to },
  ops: till.ops.slice(from, to).map((op) => ({ op, hash: till.hashAt(op.tseq), body: null })),
});

test('a journal gives back whole entries in their order, and leaves a torn end out', async () => {
  const till = new TestTill(
    () => Promise.reject(new Error('offline')),
    {
      tillId: 'till-1',
      incarnation: 1,
      epoch: '',
      storeId: 'store-1',
      cardBlock: { blockId: 1, numbers: ['1'] },
    } as never,
    '',
  );
  const ref = till.makeMember();
  for (let count = 0; count < 9; count += 1) till.stamp(ref);
  const journal = await openAckJournal(folder);
  await Promise.all([journal.append(pushOf(till, 0, 4)), journal.append(pushOf(till, 4, 8))]);
  await journal.rotate();
  await journal.append(pushOf(till, 8, 10));
  await journal.close();
  const path = join(folder, 'acks.journal');
  await appendFile(path, (await readFile(path, 'utf8')).slice(0, 60));
  const again = await openAckJournal(folder);
  expect((await again.read()).map((entry) => entry.ops.map((op) => op.tseq))).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10],
  ]);
  await again.dropOld();
  expect(await again.read()).toHaveLength(1);
  await again.close();
});

const offlineTill = (): TestTill => {
  const cardBlock = { blockId: 1, numbers: ['1'] };
  const enrolled = { tillId: 'till-1', incarnation: 1, epoch: '', storeId: 'store-1', cardBlock };
  return new TestTill(() => Promise.reject(new Error('offline')), enrolled as never, '');
};

test('what is acknowledged after a torn end is read again', async () => {
  const till = offlineTill();
  till.stamp(till.makeMember());
  const journal = await openAckJournal(folder);
  await journal.append(pushOf(till, 0, 1));
  await journal.close();
  const path = join(folder, 'acks.journal');
  await appendFile(path, (await readFile(path, 'utf8')).slice(0, 60));
  const again = await openAckJournal(folder);
  await again.append(pushOf(till, 1, 2));
  expect((await again.read()).map(({ ackedTseq }) => ackedTseq)).toEqual([0, 1]);
  expect(again.size()).toBe((await readFile(path)).length);
  expect(await again.keepAside(7)).toEqual(['acks.journal.kept-7']);
  await again.close();
});

test('a power cut that takes the database back loses nothing that was acknowledged (R-D, trial)', async () => {
  const first = await start();
  const till = await TestTill.enrol(overHttp(first.url));
  const ref = till.makeMember();
  till.stamp(ref, 2);
  await till.sync();
  await first.centre.database.checkpoint();
  for (let count = 0; count < 5; count += 1) {
    till.stamp(ref);
    await till.exchange();
  }
  const before = await verifyCentre(first.centre);
  const journal = await readFile(join(folder, 'acks.journal'), 'utf8');
  await stop();
  // As the machine would come up: the folder was open, in another start of the machine, and the journal is there.
  await writeFile(join(folder, 'acks.journal'), journal);
  const state = { isClean: false, bootId: 'of another start', openedAtMs: 0 };
  await writeFile(join(folder, 'pglite.state'), JSON.stringify(state));

  const second = await start();
  const after = await verifyCentre(second.centre);
  expect([after.stateHash, after.problems]).toEqual([before.stateHash, []]);
  expect(after.epoch).not.toBe(before.epoch);
  till.post = overHttp(second.url);
  expect(codeOf(await till.send())).toBe('epoch_changed');
  till.ackedTseq = 0;
  till.cursor = 0;
  till.epoch = '';
  await till.sync();
  expect((await verifyCentre(second.centre)).stateHash).toBe(before.stateHash);
}, 180_000);

test('a clean stop leaves no journal behind, and nothing is written twice', async () => {
  const first = await start();
  const till = await TestTill.enrol(overHttp(first.url));
  till.stamp(till.makeMember());
  await till.sync();
  const before = await verifyCentre(first.centre);
  await stop();
  await expect(readFile(join(folder, 'acks.journal'))).rejects.toThrow('ENOENT');
  expect(await verifyCentre((await start()).centre)).toEqual(before);
}, 180_000);
