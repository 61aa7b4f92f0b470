import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { buildAll } from '../../build/build.mjs';
import { ROOT } from '../../build/targets.mjs';
import { type RunningServer, startServer } from '../../crm/server.ts';
import { newId } from '../../sync/base/ids.ts';
import { type Cli, type CliMember, readAnswer } from './cli.ts';

const MANAGER = ['--as', 'manager', '--pin', '739205'];
/** A chain as its first run sets it up: one store, one manager, no members. */
const SETUP = {
  chainName: 'Test Kopi',
  country: 'SG',
  currency: 'SGD',
  storeName: 'Store 1',
  timeZone: 'Asia/Singapore',
  managerName: 'Mei',
  managerLogin: 'manager',
  managerPin: '739205',
  cardKinds: ['stamp', 'points'],
};

let root: string;
let centre: RunningServer;

beforeAll(async () => {
  await buildAll(['core', 'cli']);
  root = mkdtempSync(join(tmpdir(), 'counterfoil-cli-'));
  const setupFile = join(root, 'setup.json');
  writeFileSync(setupFile, JSON.stringify(SETUP));
  centre = await startServer({
    host: '127.0.0.1',
    port: 0,
    folder: join(root, 'centre'),
    databaseUrl: null,
    isDemo: false,
    setupFile,
    clock: { nowMs: () => Date.now() },
    log: pino({ level: 'silent' }),
    onDeath: () => undefined,
  });
}, 60_000);

afterAll(async () => {
  await centre.stop();
  rmSync(root, { recursive: true, force: true });
});

/** The command line as people run it: its own process, what it prints, its exit code. */
const cliIn =
  (dataDir: string): Cli =>
  (command, ...argv) =>
    new Promise((resolve, reject) => {
      const args = [join(ROOT, 'out/cli/index.cjs'), command, ...argv, '--data', dataDir, '--json'];
      const child = execFile(process.execPath, args, (_cause, out) => {
        try {
          resolve(readAnswer(child.exitCode ?? -1, out));
        } catch (cause) {
          reject(cause as Error);
        }
      });
    });

interface Enrolled {
  tillId: string;
  storeId: string;
  members: number;
}

async function enrol(name: string): Promise<{ cli: Cli; dataDir: string; enrolled: Enrolled }> {
  const dataDir = join(root, name);
  const cli = cliIn(dataDir);
  const { data: ticket } = await cli<{ code: string }>('enrol-code', '--server', centre.url, ...MANAGER);
  const { data: enrolled } = await cli<Enrolled>('enrol', '--server', centre.url, '--code', ticket.code);
  return { cli, dataDir, enrolled };
}

interface HostedCore {
  child: ChildProcess;
  /** The next message that fits. */
  next: (fits: (message: { t: string; id?: string }) => boolean) => Promise<unknown>;
}

/** The core as main forks it. */
function forkCore(dataDir: string): HostedCore {
  const child = fork(join(ROOT, 'out/core/index.cjs'), [], {
    env: { COUNTERFOIL_DATA: dataDir, COUNTERFOIL_BOOT_ID: newId() },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const next: HostedCore['next'] = (fits) =>
    new Promise((resolve) => {
      const listener = (message: unknown): void => {
        if (!fits(message as { t: string })) return;
        child.off('message', listener);
        resolve(message);
      };
      child.on('message', listener);
    });
  return { child, next };
}

const isReady = ({ t }: { t: string }): boolean => t === 'ready';
const exitOf = async (child: ChildProcess): Promise<unknown> => (await once(child, 'exit'))[0];

test('what one till does another sees, once both have synced', async () => {
  const [first, second] = [await enrol('first'), await enrol('second')];
  expect(first.enrolled).toEqual({ tillId: expect.any(String), storeId: 'store-1', members: 0 });
  expect(second.enrolled.tillId).not.toBe(first.enrolled.tillId);

  const added = await first.cli<CliMember>(
    'add-member',
    '--name',
    'Zhou, Min',
    '--mobile',
    '+65 9000 1234',
    ...MANAGER,
  );
  const { data: card } = await first.cli(
    'issue-card',
    added.data.memberId,
    '--card-type',
    'stamp',
    ...MANAGER,
  );
  await first.cli('stamp', card.number, '--count', '2', ...MANAGER);
  const sync = {
    exitCode: 0,
    data: { outstanding: 0, pushed: expect.any(Number), pulled: expect.any(Number) },
  };
  expect(await first.cli('sync')).toMatchObject(sync);
  expect(await second.cli('sync')).toMatchObject(sync);
  expect(await second.cli('lookup', card.number)).toMatchObject({
    exitCode: 0,
    data: {
      members: [{ name: 'Zhou Min', cards: [{ balance: { confirmed: 2, pending: 0, unit: 'stamps' } }] }],
    },
  });

  await first.cli('sync');
  const [own, other] = [
    await first.cli<{ stateHash: string; cursor: number }>('verify'),
    await second.cli<{ stateHash: string }>('verify'),
  ];
  expect(own).toMatchObject({ exitCode: 0, data: { ok: true, ownOps: 3 } });
  expect(other.data).toMatchObject({ ok: true, stateHash: own.data.stateHash, cursor: own.data.cursor });
}, 60_000);

test('a code serves one till, and only managers get one', async () => {
  const cli = cliIn(join(root, 'codes'));
  const { data: ticket } = await cli<{ code: string }>('enrol-code', '--server', centre.url, ...MANAGER);
  expect(await cli('enrol', '--server', centre.url, '--code', ticket.code)).toMatchObject({ exitCode: 0 });
  const again = await cliIn(join(root, 'codes-2'))('enrol', '--server', centre.url, '--code', ticket.code);
  expect(again).toMatchObject({ exitCode: 1, code: 'centre_refused' });
  const wrong = await cli('enrol-code', '--server', centre.url, '--as', 'manager', '--pin', '111222');
  expect(wrong).toMatchObject({ exitCode: 1, code: 'pin_wrong' });
  expect(await cli('enrol-code', '--server', `${centre.url}/nowhere`, ...MANAGER)).toMatchObject({
    exitCode: 1,
    code: expect.stringMatching(/^centre_/),
  });
});

test('while a till runs, reads and sync go through it and writes are in_use', async () => {
  const { cli, dataDir } = await enrol('running');
  const { data: member } = await cli<CliMember>(
    'add-member',
    '--name',
    'Koh',
    '--mobile',
    '+65 9000 5678',
    ...MANAGER,
  );
  const core = forkCore(dataDir);
  await core.next(isReady);

  expect(await cli('lookup', '90005678')).toMatchObject({
    exitCode: 0,
    data: { members: [{ name: 'Koh' }] },
  });
  expect(await cli('sync')).toMatchObject({ exitCode: 0, data: { outstanding: 0 } });
  expect(await cli('verify')).toMatchObject({ exitCode: 0, data: { ok: true } });
  expect(await cli('doctor')).toMatchObject({ exitCode: 0, data: { problem: null } });
  const note = ['edit', member.memberId, '--notes', 'x'] as const;
  expect(await cli(...note, ...MANAGER)).toMatchObject({ exitCode: 1, code: 'in_use' });
  expect(await cli('enrol', '--server', centre.url, '--code', 'ABCDE-FGHIJ')).toMatchObject({
    exitCode: 1,
    code: 'in_use',
  });

  core.child.send({ t: 'close' });
  expect(await exitOf(core.child)).toBe(0);
  expect(await cli(...note, ...MANAGER)).toMatchObject({ exitCode: 0 });
});

test('a till that was killed leaves nothing in the way of the next', async () => {
  const { cli, dataDir } = await enrol('killed');
  const core = forkCore(dataDir);
  await core.next(isReady);
  core.child.kill('SIGKILL');
  await exitOf(core.child);
  expect(await cli('verify')).toMatchObject({ exitCode: 0, data: { ok: true } });
  await forkCore(dataDir).next(isReady);
  expect(await cli('verify')).toMatchObject({ exitCode: 0, data: { ok: true } });
});

test('a core serves its page and leaves with its parent', async () => {
  const dataDir = join(root, 'page');
  const core = forkCore(dataDir);
  const reply = core.next(({ id }) => id === '1');
  // Asked before it is ready: the call waits, it is not lost.
  core.child.send({ t: 'request', id: '1', method: 'till.get', input: {} });
  expect(await reply).toMatchObject({ t: 'reply', ok: true, data: { enrolment: null } });
  const files = readdirSync(dataDir);
  expect(files).toEqual(expect.arrayContaining(['till.key', 'till.db', 'replica.db', 'core.sock', 'logs']));
  expect(statSync(join(dataDir, 'logs/core.log')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dataDir, 'till.db')).includes('SQLite format 3')).toBe(false);
  core.child.disconnect();
  expect(await exitOf(core.child)).toBe(0);
});

test('a core that can not serve its folder says why, stays, and answers every call with it', async () => {
  const dataDir = join(root, 'lost-key');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'till.db'), 'ciphertext');
  const core = forkCore(dataDir);
  expect(await core.next(({ t }) => t === 'refused')).toMatchObject({
    code: 'key_missing',
    message: expect.stringMatching(/no new key/),
  });
  const reply = core.next(({ id }) => id === '7');
  core.child.send({ t: 'request', id: '7', method: 'till.get', input: {} });
  expect(await reply).toMatchObject({ t: 'reply', ok: false, error: { code: 'key_missing' } });
  core.child.send({ t: 'close' });
  expect(await exitOf(core.child)).toBe(0);
  expect(readdirSync(dataDir).toSorted()).toEqual(['logs', 'till.db']);
});

test('two cores on one folder: the second is refused and the first goes on', async () => {
  const dataDir = join(root, 'twice');
  const core = forkCore(dataDir);
  await core.next(isReady);
  expect(await forkCore(dataDir).next(({ t }) => t === 'refused')).toMatchObject({ code: 'in_use' });
  const reply = core.next(({ id }) => id === '1');
  core.child.send({ t: 'request', id: '1', method: 'core.ping', input: {} });
  expect(await reply).toMatchObject({ ok: true });
  expect(await cliIn(dataDir)('doctor')).toMatchObject({ exitCode: 0, data: { problem: null } });
});
