import type { Clock } from '../sync/base/clock.ts';
import type { Push } from './prepared-push.ts';
import { BusyRefusal } from './refusal.ts';
import type { RunUnit } from './store.ts';
import { writeGroup, type PushResult, type Taken } from './write-group.ts';

const OPS_PER_GROUP_MAX = 5_000;
const OPS_WAITING_MAX = 50_000;

export interface GroupWriter {
  /**
   * Resolves after the commit that holds the push; a repeat of an earlier push is taken and changes nothing.
   * @throws CentreRefusal When the push is refused as a whole, or too many wait. Any other error: nothing
   * was stored.
   */
  push(push: Push): Promise<Taken>;
  /** Ops that wait to be written. */
  waitingOps(): number;
}

interface Waiting {
  push: Push;
  settle(result: PushResult): void;
  fail(cause: unknown): void;
}

/** Waiting pushes, oldest first, up to the size of a group; at least one. */
function takeGroup(queue: Waiting[]): Waiting[] {
  let opCount = 0;
  let count = 0;
  for (const { push } of queue) {
    opCount += push.ops.length;
    if (count > 0 && opCount > OPS_PER_GROUP_MAX) break;
    count += 1;
  }
  return queue.splice(0, count);
}

/** The one writer of this process: pushes that arrive while a group is being written form the next one. */
export function createGroupWriter(runUnit: RunUnit, clock: Clock): GroupWriter {
  const queue: Waiting[] = [];
  let waitingOps = 0;
  let isRunning = false;

  const write = (group: readonly Waiting[]): Promise<PushResult[]> => {
    const pushes = group.map((waiting) => waiting.push);
    return runUnit((store) => writeGroup(store, pushes, clock.nowMs()));
  };
  const writeAlone = async (waiting: Waiting): Promise<void> => {
    try {
      for (const result of await write([waiting])) waiting.settle(result);
    } catch (cause) {
      waiting.fail(cause);
    }
  };
  const writeTogether = async (group: Waiting[]): Promise<void> => {
    const results = group.length === 1 ? null : await write(group).catch(() => null);
    // Somebody's push broke the group: alone, it breaks nobody else's.
    if (results === null) for (const waiting of group) await writeAlone(waiting);
    else results.forEach((result, at) => group[at]?.settle(result));
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    while (queue.length > 0) {
      const group = takeGroup(queue);
      await writeTogether(group);
      waitingOps -= group.reduce((sum, { push }) => sum + push.ops.length, 0);
    }
    isRunning = false;
  };

  return {
    waitingOps: () => waitingOps,
    push: (push) =>
      new Promise((resolve, reject) => {
        if (waitingOps + push.ops.length > OPS_WAITING_MAX) {
          return reject(
            new BusyRefusal(
              { status: 503, retryAfterS: 5 },
              'The centre has much to do. Nothing was changed. The till tries again by itself.',
            ),
          );
        }
        const settle = (result: PushResult): void =>
          result.refusal === null ? resolve(result) : reject(result.refusal);
        queue.push({ push, settle, fail: reject });
        waitingOps += push.ops.length;
        if (!isRunning) void run();
        return undefined;
      }),
  };
}
