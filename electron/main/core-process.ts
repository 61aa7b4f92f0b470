import type { CoreState, Unsubscribe } from '../contract/port.ts';
import { chooseCoreSpawn, type CoreChild } from './core-child.ts';
import { createRestartBudget, RESTARTS_MAX } from './restart-budget.ts';

const CLOSE_MS_MAX = 3_000;

export interface CoreProcess {
  /** Sends to the core that runs now. Without one the message is dropped: the page was told and asks again. */
  post(message: unknown): void;
  /** Everything the core says, unread, and what became of the core itself. */
  onMessage(listener: (message: unknown) => void): Unsubscribe;
  /** What a page that loads now has missed: the core's state and its last word about itself. */
  missed(): unknown[];
  /** True once the core serves calls, or will never do so; false while it starts. */
  isSettled(): boolean;
  /** Asks the core to finish and waits, `CLOSE_MS_MAX` at most, then kills it. May be called again. */
  close(): Promise<void>;
}

const typeOf = (message: unknown): unknown =>
  typeof message === 'object' && message !== null && 't' in message ? message.t : undefined;

/** Starts the core at `script` and keeps it running: forked again when it dies, 5 times a minute at most. */
export function startCore(script: string, env: NodeJS.ProcessEnv): CoreProcess {
  const listeners = new Set<(message: unknown) => void>();
  const mayRestart = createRestartBudget(() => performance.now());
  const spawn = chooseCoreSpawn();
  let child: CoreChild | undefined;
  let state: CoreState = { t: 'core', state: 'restarting', message: '' };
  let lastWord: unknown;
  let closing: Promise<void> | undefined;
  let closed: (() => void) | undefined;

  const tell = (message: unknown): void => {
    for (const listener of listeners) listener(message);
  };
  const enter = (next: CoreState['state'], message: string): void => {
    state = { t: 'core', state: next, message };
    tell(state);
  };
  const hear = (message: unknown): void => {
    const type = typeOf(message);
    if (type !== 'ready' && type !== 'refused') return tell(message);
    lastWord = message;
    tell(message);
    enter('ready', '');
  };
  const leave = (reason: string): void => {
    child = undefined;
    if (closing) return closed?.();
    process.stderr.write(`till core ended: ${reason}\n`);
    // A core that refused its folder and then left would refuse it again.
    if (typeOf(lastWord) === 'refused') return enter('failed', reason);
    lastWord = undefined;
    if (!mayRestart())
      return enter('failed', `ended ${RESTARTS_MAX + 1} times within a minute, last: ${reason}`);
    enter('restarting', reason);
    start();
  };
  const start = (): void => {
    if (!spawn)
      return enter('failed', `This Electron (${process.versions.electron}) is too old to run the core.`);
    child = spawn(script, env, { onMessage: hear, onExit: leave });
  };
  const end = (): Promise<void> => {
    const running = child;
    if (!running) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        running.kill();
        resolve();
      }, CLOSE_MS_MAX);
      closed = () => {
        clearTimeout(timer);
        resolve();
      };
      running.post({ t: 'close' });
    });
  };

  start();
  return {
    post: (message) => child?.post(message),
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    missed: () => (lastWord === undefined ? [state] : [lastWord, state]),
    isSettled: () => state.state !== 'restarting',
    close: () => (closing ??= end()),
  };
}
