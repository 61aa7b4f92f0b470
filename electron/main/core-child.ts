import { fork } from 'node:child_process';
import { app, utilityProcess, type UtilityProcess } from 'electron';
import { chooseCoreHost } from './core-host.ts';

/** One running core, whichever kind of process it is. */
export interface CoreChild {
  post(message: unknown): void;
  kill(): void;
}

export interface CoreChildEvents {
  onMessage: (message: unknown) => void;
  /** Called exactly once, also when the process could not be started. */
  onExit: (reason: string) => void;
}

type Spawn = (script: string, env: NodeJS.ProcessEnv, events: CoreChildEvents) => CoreChild;

const spawnUtility: Spawn = (script, env, { onMessage, onExit }) => {
  let child: UtilityProcess | undefined;
  // Electron starts no utility process before it is ready itself; no page can post before that either.
  void app.whenReady().then(() => {
    child = utilityProcess.fork(script, [], { env, serviceName: 'till core', stdio: 'inherit' });
    child.on('message', onMessage);
    child.once('exit', (code) => onExit(`exit code ${code}`));
  });
  return {
    post: (message) => child?.postMessage(message),
    // Its own `kill` only asks, and a core that hangs does not hear. The pid is undefined once it is gone.
    kill: () => void (child?.pid !== undefined && process.kill(child.pid, 'SIGKILL')),
  };
};

const forkNode =
  (nodePath: string): Spawn =>
  (script, env, { onMessage, onExit }) => {
    const child = fork(script, [], {
      env,
      execPath: nodePath,
      execArgv: [],
      serialization: 'advanced',
      windowsHide: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let isGone = false;
    const leave = (reason: string): void => {
      if (isGone) return;
      isGone = true;
      onExit(reason);
    };
    child.on('message', onMessage);
    child.once('error', (cause) => leave(cause.message));
    child.once('exit', (code, signal) => leave(signal ?? `exit code ${code}`));
    return {
      // A child that is dying refuses messages; its exit tells the page, so the message may be dropped.
      post: (message) => void child.send(message as object, () => undefined),
      kill: () => void child.kill('SIGKILL'),
    };
  };

/** @returns undefined where this Electron can run no core. */
export function chooseCoreSpawn(): Spawn | undefined {
  const host = chooseCoreHost({
    napi: process.versions['napi'],
    isPackaged: app.isPackaged,
    nodePath: process.env['COUNTERFOIL_CORE_NODE'],
  });
  if (host.kind === 'none') return undefined;
  return host.kind === 'utility' ? spawnUtility : forkNode(host.nodePath);
}
