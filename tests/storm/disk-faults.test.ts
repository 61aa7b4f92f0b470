import { once } from 'node:events';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { newId, type CardId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { openImage } from '../parts/cut-images.ts';
import { forkCore, type ForkedCore } from '../parts/forked-core.ts';
import { mountSmall } from '../parts/mounts.ts';
import { PINS } from '../parts/shop.ts';
import { addStampCard } from '../parts/storm-ledger.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../parts/till.ts';

const PRESSES = 2;
/** More than a clean start and two presses need; a pass without an error ends each row earlier. */
const CALLS_MAX = 120;
/** Of mending starts, after which nothing of the mending is left to fail. */
const CLEAN_IN_A_ROW = 3;
const OPENED = ['till.db', 'till.db-wal', 'till.db-journal', 'spill.log', 'spill.log.new'];

let dir: string;
let cardId: CardId;
/** Confirmed so far; these must be there after whatever comes. */
let confirmed: Set<OpId>;
/** Without an answer: present or absent, never twice. */
let unknown: Set<OpId>;

beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir);
  writeFileSync(join(dir, 'till.key'), KEY_HEX, { mode: 0o600 });
  [confirmed, unknown] = [new Set(), new Set()];
  const core = await forkCore(dir);
  const client = await signIn(core);
  cardId = await addStampCard(client, 'Disk');
  await core.close();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function signIn(core: ForkedCore) {
  const client = createCoreClient(core.port);
  await client['session.signIn']({ login: 'cashier', pin: PINS.cashier });
  return client;
}

interface Faulty {
  /** The system call. */
  name: string;
  /** What befalls it, in strace's words. */
  fault: string;
  files?: readonly string[];
}

/** A core whose calls of `name` on its own files fail as `fault` says; its main thread alone writes them. */
function forkFaulty({ name, fault, files = OPENED }: Faulty): Promise<ForkedCore> {
  const paths = files.flatMap((file) => ['-P', join(dir, file)]);
  const inject = ['-D', '-qq', '-o', '/dev/null', '-e', `trace=${name}`, '-e', `inject=${name}:${fault}`];
  const execArgv = [...inject, ...paths, process.execPath];
  return forkCore(dir, {}, { execPath: 'strace', execArgv, isQuiet: true });
}

/** Presses through a fault: true when nothing failed. A failed press is repeated by its id, as a page does. */
async function pressFaulty(faulty: Faulty): Promise<boolean> {
  const core = await forkFaulty(faulty).catch(() => null);
  if (core === null) return false;
  const client = createCoreClient(core.port);
  let isClean = true;
  try {
    await client['session.signIn']({ login: 'cashier', pin: PINS.cashier });
    for (let press = 0; press < PRESSES; press += 1) {
      const opId = newId<OpId>();
      unknown.add(opId);
      await client['stamps.add']({ opId, cardId, count: 1 });
      unknown.delete(opId);
      confirmed.add(opId);
    }
  } catch {
    isClean = false;
  }
  await core.kill();
  return isClean;
}

/** After all faults: how many ops there are, once those without an answer were pressed again by their ids. */
async function findOps(): Promise<{ problems: string[]; ownOps: number; units: number }> {
  const core = await forkCore(dir);
  const client = await signIn(core);
  // Not the confirmed ones: pressing those again would put back what was lost.
  for (const opId of unknown) await client['stamps.add']({ opId, cardId, count: 1 });
  const last = await client['stamps.add']({ opId: newId<OpId>(), cardId, count: 1 });
  const { ownOps, problems } = await client['till.verify']({});
  await core.close();
  return { problems, ownOps, units: must(last.member.cards[0], 'has a card').balance.pending };
}

/** Each press once, the enrolment before them and one stamp after them. */
const soundOps = () => {
  const presses = confirmed.size + unknown.size;
  return { problems: [], ownOps: presses + 2, units: presses + 1 };
};

const ROWS = ['pwrite64', 'fsync', 'fdatasync', 'openat'].flatMap((name) =>
  ['EIO', 'ENOSPC'].map((error) => [name, error] as const),
);

test.each(ROWS)('%s fails with %s, each in turn: no press is lost or doubled', async (name, error) => {
  let at = 1;
  let isClean = false;
  for (; at < CALLS_MAX && !isClean; at += 1) {
    // Between the two errors of a call, each of its turns fails once and from then on.
    const isSticky = (at % 2 === 0) === (error === 'EIO');
    const when = isSticky ? `${at}+` : String(at);
    isClean = await pressFaulty({ name, fault: `error=${error}:when=${when}` });
  }
  expect([isClean, at > 2]).toEqual([true, true]);
  expect(await findOps()).toEqual(soundOps());
});

/** A till that has to mend itself: its WAL is gone, so the spill file alone has the presses, and the copy is broken. */
async function wound(): Promise<void> {
  const core = await forkCore(dir);
  const client = await signIn(core);
  for (let press = 0; press < PRESSES; press += 1) {
    const opId = newId<OpId>();
    await client['stamps.add']({ opId, cardId, count: 1 });
    confirmed.add(opId);
  }
  await core.kill();
  for (const suffix of ['-wal', '-shm']) rmSync(join(dir, `till.db${suffix}`), { force: true });
  writeFileSync(join(dir, 'replica.db'), Buffer.alloc(4_096));
}

/** The same wound again, and a start whose calls fail as `faulty` says. @returns True when it was none the worse. */
async function mendFaulty(faulty: Faulty, at: number): Promise<boolean> {
  const wounded = dir;
  dir = `${wounded}-${faulty.name}-${at}`;
  cpSync(wounded, dir, { recursive: true });
  try {
    const core = await forkFaulty(faulty).catch(() => null);
    await core?.kill();
    const { lost, problems } = openImage(dir, confirmed);
    expect({ ...faulty, lost, problems }).toEqual({ ...faulty, lost: 0, problems: [] });
    return core !== null;
  } finally {
    rmSync(dir, { recursive: true, force: true });
    dir = wounded;
  }
}

test.each(['pwrite64', 'fsync', 'openat'])(
  'a start that mends a till loses nothing when its own calls of %s fail, each in turn (R-D5)',
  async (name) => {
    await wound();
    let at = 1;
    // A start may do without what fails last, so the first clean one is not the end.
    let failed = 0;
    for (let clean = 0; at < CALLS_MAX && clean < CLEAN_IN_A_ROW; at += 1) {
      const when = at % 2 === 0 ? String(at) : `${at}+`;
      const isReady = await mendFaulty({ name, fault: `error=EIO:when=${when}` }, at);
      clean = isReady ? clean + 1 : 0;
      if (!isReady) failed += 1;
    }
    expect([at < CALLS_MAX, failed > 0]).toEqual([true, true]);
  },
);

test('a disk that says "written" and lies is found out by these checks', async () => {
  await pressFaulty({ name: 'pwrite64', fault: 'retval=4096', files: ['till.db-wal'] });
  expect(confirmed.size).toBeGreaterThan(0);
  // It has them all, and would put them back.
  rmSync(join(dir, 'spill.log'));
  expect(await findOps()).not.toEqual(soundOps());
});

test('a full disk refuses and keeps what was confirmed; with room again the same till goes on', async () => {
  const disk = mountSmall('2m');
  const small = disk.folder;
  try {
    cpSync(dir, small, { recursive: true });
    const core = await forkCore(small);
    const client = await signIn(core);
    const press = (opId: OpId) => client['stamps.add']({ opId, cardId, count: 1 });
    const codes = new Set<unknown>();
    for (let tries = 0; unknown.size < 20 && tries < 5_000; tries += 1) {
      const opId = newId<OpId>();
      await press(opId).then(
        () => confirmed.add(opId),
        ({ code }: { code: unknown }) => unknown.add(opId) && codes.add(code),
      );
    }
    disk.resize('16m');
    for (const opId of unknown) await press(opId);
    const { ownOps, problems } = await client['till.verify']({});
    await core.close();
    expect([problems, ownOps]).toEqual([[], confirmed.size + unknown.size + 1]);
    expect([[...codes], unknown.size, confirmed.size > 20]).toEqual([['disk_full'], 20, true]);
  } finally {
    disk.end();
  }
});

test('a limit on the size of its files ends a till clearly: nothing confirmed is lost, and it goes on without it (R-D6)', async () => {
  // Room for a start and some presses; a log grows to four megabytes before it is used anew.
  const execArgv = ['--fsize=600000', '--core=0', process.execPath];
  const core = await forkCore(dir, {}, { execPath: 'prlimit', execArgv, isQuiet: true });
  const ended = once(core.child, 'exit');
  const client = await signIn(core);
  while (unknown.size === 0 && confirmed.size < 5_000) {
    const opId = newId<OpId>();
    const isSaved = await client['stamps.add']({ opId, cardId, count: 1 }).then(
      () => true,
      () => false,
    );
    (isSaved ? confirmed : unknown).add(opId);
  }
  // By itself, so that a fresh one looks again; not by the system's signal.
  expect([await ended, confirmed.size > 0]).toEqual([[1, null], true]);
  expect(await findOps()).toEqual(soundOps());
});
