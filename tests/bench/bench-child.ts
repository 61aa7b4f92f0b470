import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of the bench in a process of its own. */
export interface Child {
  pid: number;
  ask<Answer>(name: string, argument?: unknown): Promise<Answer>;
  end(): Promise<void>;
}

/** Node reads its TypeScript as it is; it answers by `answerParent`. */
export function startChild(program: string, args: readonly string[] = []): Child {
  const child = fork(program, args, {
    env: { ...process.env, NODE_ENV: 'production' },
    // What it tells of itself is left out, its complaints are not.
    stdio: ['ignore', 'ignore', 2, 'ipc'],
    serialization: 'advanced',
  });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (cause: Error) => void }>();
  let last = 0;
  child.on('message', (message) => {
    const { id, result, failure } = message as { id: number; result?: unknown; failure?: string };
    const asker = waiting.get(id);
    waiting.delete(id);
    if (failure === undefined) asker?.resolve(result);
    else asker?.reject(new Error(`${program}: ${failure}`));
  });
  const gone = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${program} has ended`));
  });
  return {
    pid: child.pid ?? 0,
    ask: <Answer>(name: string, argument?: unknown) =>
      new Promise<Answer>((resolve, reject) => {
        last += 1;
        // Cast: both programs are of one bench; who asks knows what that program answers.
        waiting.set(last, { resolve: resolve as (result: unknown) => void, reject });
        child.send({ id: last, name, argument });
      }),
    end: async () => {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}
