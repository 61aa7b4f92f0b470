import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A cable made of two pseudo terminals: the till opens `path`, the test is the scanner at the other end. */
export interface PtyCable {
  /** A link that leads to the till's end; gone while unplugged, perhaps to another terminal afterwards. */
  readonly path: string;
  /** What the scanner sends. Bytes are lost when nobody has the cable plugged in. */
  readonly send: (bytes: string | Uint8Array) => void;
  readonly plug: () => Promise<void>;
  /** At once, as a pulled cable: bytes on the way are lost. */
  readonly unplug: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** Makes a plugged cable with socat. Raw at both ends, or the line discipline would echo and rewrite CR. */
export async function createPtyCable(): Promise<PtyCable> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-pty-'));
  const path = join(folder, 'till');
  const devicePath = join(folder, 'device');
  let socat: ChildProcess | null = null;
  let device: number | null = null;

  async function plug(): Promise<void> {
    socat = await startSocat(path, devicePath);
    device = openSync(devicePath, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  }

  async function unplug(): Promise<void> {
    const running = socat;
    socat = null;
    if (running === null) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
    if (device !== null) closeSync(device);
    device = null;
    await Promise.all([rm(path, { force: true }), rm(devicePath, { force: true })]);
  }

  await plug();
  return {
    path,
    send(bytes) {
      if (device !== null) writeToCable(device, Buffer.from(bytes));
    },
    plug,
    unplug,
    async dispose() {
      await unplug();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A scanner does not notice a pulled cable (EIO), nor a till that does not read (EAGAIN). */
function writeToCable(device: number, bytes: Uint8Array): void {
  try {
    writeSync(device, bytes);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'EIO' && code !== 'EAGAIN') throw cause;
  }
}

/** Resolves when both ends exist: socat says so on its error output. */
async function startSocat(path: string, devicePath: string): Promise<ChildProcess> {
  const ends = [path, devicePath].map((link) => `pty,raw,echo=0,link=${link}`);
  const child = spawn('socat', ['-d', '-d', ...ends], { stdio: ['ignore', 'ignore', 'pipe'] });
  const errors = child.stderr;
  let said = '';
  await new Promise<void>((resolve, reject) => {
    errors.setEncoding('utf8').on('data', (words: string) => {
      said += words;
      if (said.includes('starting data transfer loop')) resolve();
    });
    child.once('error', (cause) => reject(new Error('socat is missing: apt-get install socat', { cause })));
    child.once('exit', () => reject(new Error(`socat ended: ${said}`)));
  });
  return child;
}

/** Another program that holds a port's lock; resolves once it does. The returned function makes it let go. */
export async function holdPort(path: string): Promise<() => Promise<void>> {
  const holder = spawn('flock', ['--nonblock', path, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return async () => {
    const exited = once(holder, 'exit');
    holder.stdin.end();
    await exited;
  };
}
