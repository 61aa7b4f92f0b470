import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Ready, type Port } from '../../electron/contract/port.ts';

const CORE_BUNDLE = join(import.meta.dirname, '../../out/core/index.cjs');

export interface ForkedCore {
  child: ChildProcess;
  port: Port;
  /** SIGKILL, and wait until the process is gone. */
  kill: () => Promise<void>;
  /** As main ends it: asks, and waits. */
  close: () => Promise<void>;
}

/**
 * The built core in a process of its own, as main forks it where Electron is too old to host it. Resolves
 * when ready.
 */
export async function forkCore(
  dataDir: string,
  env: Record<string, string> = {},
  {
    bundle = CORE_BUNDLE,
    execPath = process.execPath,
    execArgv = [],
    isQuiet = false,
  }: { bundle?: string; execPath?: string; execArgv?: string[]; isQuiet?: boolean } = {},
): Promise<ForkedCore> {
  const child = fork(bundle, [], {
    execPath,
    execArgv,
    env: { ...process.env, COUNTERFOIL_DATA: dataDir, COUNTERFOIL_BOOT_ID: 'test-boot', ...env },
    serialization: 'advanced',
    // Quiet: a core that is made to fail says so each time.
    stdio: ['ignore', 'ignore', isQuiet ? 'ignore' : 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const port: Port = {
    post: (message) => {
      // A message to a dead core is lost, as it is for main; whoever sent it sends it again.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
    onClose: (listener) => {
      child.once('exit', listener);
      return () => child.off('exit', listener);
    },
    close: () => child.disconnect(),
  };
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      if (Ready.safeParse(message).success) resolve();
      else if ((message as { t?: string }).t === 'refused') reject(new Error(JSON.stringify(message)));
    });
    child.once('exit', (status) => reject(new Error(`the core ended with ${status} before it was ready`)));
  });
  return {
    child,
    port,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    close: async () => {
      child.send({ t: 'close' });
      await exited;
    },
  };
}
