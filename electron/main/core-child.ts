import { fork } from 'node:child_process';
import { app, utilityProcess, type UtilityProcess } from 'electron';

/** N-API that the SQLite binding needs. In an older Electron it dies without a word, so we look before forking. */
const NAPI_MIN = 10;

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
  return { post: (message) => child?.postMessage(message), kill: () => void child?.kill() };
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

/**
 * How this Electron runs a core: in its own utility process, or, where it is too old for the SQLite binding, in the
 * Node that `COUNTERFOIL_CORE_NODE` names. A packaged till ignores that variable: it would let an environment choose
 * what the till executes.
 *
 * @returns undefined where neither is possible.
 */
export function chooseCoreSpawn(): Spawn | undefined {
  if (Number(process.versions['napi']) >= NAPI_MIN) return spawnUtility;
  const nodePath = app.isPackaged ? undefined : process.env['COUNTERFOIL_CORE_NODE'];
  return nodePath ? forkNode(nodePath) : undefined;
}
