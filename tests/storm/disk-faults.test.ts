import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { newId, type CardId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { forkCore, type ForkedCore } from '../parts/forked-core.ts';
import { PINS } from '../parts/shop.ts';
import { addStampCard } from '../parts/storm-ledger.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../parts/till.ts';

const PRESSES = 2;
/** More than a clean start and two presses need; a pass without an error ends each row earlier. */
const CALLS_MAX = 120;
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

test('a disk that says "written" and lies is found out by these checks', async () => {
  await pressFaulty({ name: 'pwrite64', fault: 'retval=4096', files: ['till.db-wal'] });
  expect(confirmed.size).toBeGreaterThan(0);
  // It has them all, and would put them back.
  rmSync(join(dir, 'spill.log'));
  expect(await findOps()).not.toEqual(soundOps());
});

const mount = (...args: string[]): void => {
  const line = process.getuid?.() === 0 ? ['mount', ...args] : ['sudo', '-n', 'mount', ...args];
  execFileSync('/usr/bin/env', line);
};

test('a full disk refuses and keeps what was confirmed; with room again the same till goes on', async () => {
  const small = `${dir}-small`;
  mkdirSync(small);
  mount('-t', 'tmpfs', '-o', `size=2m,uid=${process.getuid?.()}`, 'tmpfs', small);
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
    mount('-o', 'remount,size=16m', small);
    for (const opId of unknown) await press(opId);
    const { ownOps, problems } = await client['till.verify']({});
    await core.close();
    expect([problems, ownOps]).toEqual([[], confirmed.size + unknown.size + 1]);
    expect([[...codes], unknown.size, confirmed.size > 20]).toEqual([['disk_full'], 20, true]);
  } finally {
    execFileSync(
      '/usr/bin/env',
      process.getuid?.() === 0 ? ['umount', small] : ['sudo', '-n', 'umount', small],
    );
    rmSync(small, { recursive: true });
  }
});
