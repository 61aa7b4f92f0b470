import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoreClient } from '../../electron/contract/index.ts';
import type { Port } from '../../electron/contract/port.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { PINS } from '../parts/shop.ts';
import { type Figure, memoryFigure } from './figure.ts';
import { cardNumberOf, mobileOf, rowsOf } from './members.ts';
import { shuffled } from './random.ts';
import { ROOT } from './stage.ts';

const LOOKUPS = 20_000;
/** One in so many is a search that lists fifty members. */
const SEARCH_EVERY = 20;
const MB_MAX = 200;

/** Memory that a process occupies, in megabytes. */
function residentMb(pid: number): number {
  const kilobytes =
    process.platform === 'linux'
      ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kilobytes) / 1024;
}

function portTo(child: ChildProcess): Port {
  return {
    post: (message) => void child.send(message as object),
    onMessage: (listener) => {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
    close: () => undefined,
  };
}

async function lookUpMany(core: CoreClient, members: number): Promise<void> {
  await core['session.signIn']({ login: 'cashier', pin: PINS.cashier });
  for (let task = 0; task < LOOKUPS; task += 1) {
    const at = shuffled(task, members);
    const byNumber = task % 2 === 0 ? cardNumberOf(at) : mobileOf(at).national;
    const isSearch = task % SEARCH_EVERY === 0;
    const text = isSearch ? rowsOf(at, 0).member.lastName.slice(0, 3) : byNumber;
    await core['members.lookup']({ text });
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function emptyNodeMb(): Promise<number> {
  const child = fork('', [], {
    execArgv: ['-e', 'process.send("up"); setInterval(() => {}, 60_000)'],
    stdio: 'ignore',
  });
  await once(child, 'message');
  const mb = residentMb(child.pid ?? 0);
  await endChild(child);
  return mb;
}

/** The core as main forks it, after a busy day of look-ups, against a Node that does nothing. */
export async function benchMemory(tillFolder: string, members: number): Promise<Figure[]> {
  const limit = await emptyNodeMb();
  const child = fork(join(ROOT, 'out/core/index.cjs'), [], {
    env: { ...process.env, COUNTERFOIL_DATA: tillFolder, COUNTERFOIL_BOOT_ID: 'bench' },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    await once(child, 'message');
    await lookUpMany(createCoreClient(portTo(child)), members);
    const ours = residentMb(child.pid ?? 0);
    return [memoryFigure('memory of the core after look-ups', [ours, limit], MB_MAX)];
  } finally {
    await endChild(child);
  }
}
