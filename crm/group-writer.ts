import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../sync/base/clock.ts';
import type { Push } from './prepared-push.ts';
import { BusyRefusal } from './refusal.ts';
import type { CentreStore, RunUnit } from './store.ts';
import {
  decideGroup,
  isStillSo,
  mayBeDraft,
  saveGroup,
  type DecidedGroup,
  type PushResult,
  type Taken,
} from './write-group.ts';

const OPS_PER_GROUP_MAX = 5_000;
const OPS_WAITING_MAX = 50_000;
/** Fewer wait for more while a group is being saved: so few are decided quickly, and each group has its commit. */
const OPS_AHEAD_MIN = 250;

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

const opsOf = (group: readonly Waiting[]): number =>
  group.reduce((sum, { push }) => sum + push.ops.length, 0);

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

/** A group whose turn comes next; `draft`: what was decided about it beforehand. */
interface Turn {
  group: Waiting[];
  draft: Promise<DecidedGroup | null>;
}

const NO_DRAFT = Promise.resolve(null);

export interface WriterParts {
  runUnit: RunUnit;
  clock: Clock;
  /** What is committed by now, over a connection of its own; null: there is none, nothing is decided ahead. */
  reads: (() => CentreStore) | null;
}

/** Pushes that wait, and the group that is decided while the one before it is saved. */
class Turns {
  readonly queue: Waiting[] = [];
  readonly #parts: WriterParts;
  #next: Turn | null = null;
  /** The group that is being saved, from its decision to the next one's turn. */
  #saving: DecidedGroup | null = null;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#next === null && this.queue.length === 0;
  }

  take(): Turn {
    const turn = this.#next ?? { group: takeGroup(this.queue), draft: NO_DRAFT };
    this.#next = null;
    this.#saving = null;
    return turn;
  }

  /** This one is being saved: the next group is decided on top of it. */
  decideNext(decided: DecidedGroup): void {
    this.#saving = decided;
    this.#decideWaiting();
  }

  /** A push came while a group is being saved. */
  pushArrived(): void {
    if (opsOf(this.queue) >= OPS_AHEAD_MIN) this.#decideWaiting();
  }

  #decideWaiting(): void {
    const { reads, clock } = this.#parts;
    const left = this.#saving?.left ?? null;
    if (reads === null || left === null || this.#next !== null || this.queue.length === 0) return;
    const group = takeGroup(this.queue);
    const pushes = group.map(({ push }) => push);
    const at = { store: reads(), head: left.head, nowMs: clock.nowMs() };
    // Whatever it stumbles over it meets again in its turn.
    const draft = mayBeDraft(pushes) ? decideGroup(at, pushes, left).catch(() => null) : NO_DRAFT;
    this.#next = { group, draft };
  }

  /** What it rests on was not committed; the head may come to the same number all the same. */
  dropDraft(): void {
    this.#saving = null;
    if (this.#next !== null) this.#next = { group: this.#next.group, draft: NO_DRAFT };
  }
}

const NOTHING_BEFORE = Promise.resolve(true);
/** Of a line that broke the answer never comes; the head's lock is not held for it. */
const SETTLED_MS = 500;

interface Writing {
  draft: DecidedGroup | null;
  /** Whether the group before was committed: the draft counts with what it leaves. */
  rests: Promise<boolean>;
  saved?: () => void;
}

/** Whoever has the head's lock: the one before has ended by then, and says at once how. */
const isSettledWell = (rests: Promise<boolean>): Promise<boolean> =>
  Promise.race([rests, sleep(SETTLED_MS, false, { ref: false })]);

/** Settles every push of a group; `saved` is called when only the commit is left. */
type WriteTogether = (turn: Turn, saved: () => void) => Promise<void>;

function createWrites({ runUnit, clock }: WriterParts, turns: Turns): WriteTogether {
  const write = async (
    group: readonly Waiting[],
    { draft, rests, saved }: Writing,
  ): Promise<PushResult[]> => {
    const pushes = group.map((waiting) => waiting.push);
    try {
      return await runUnit(async (store) => {
        const head = await store.lockHead();
        const isSound =
          draft !== null && (await isSettledWell(rests)) && (await isStillSo(store, head, draft));
        const decided = isSound ? draft : await decideGroup({ store, head, nowMs: clock.nowMs() }, pushes);
        turns.decideNext(decided);
        const results = await saveGroup(store, decided);
        saved?.();
        return results;
      });
    } catch (cause) {
      turns.dropDraft();
      throw cause;
    }
  };
  const writeAlone = async (waiting: Waiting): Promise<void> => {
    try {
      for (const result of await write([waiting], { draft: null, rests: NOTHING_BEFORE }))
        waiting.settle(result);
    } catch (cause) {
      waiting.fail(cause);
    }
  };
  let before = NOTHING_BEFORE;
  return async ({ group, draft }: Turn, saved: () => void): Promise<void> => {
    const decided = await draft;
    const isOne = group.length === 1 && decided === null;
    const rests = before;
    const writing = isOne ? null : write(group, { draft: decided, rests, saved }).catch(() => null);
    if (writing !== null) before = writing.then((results) => results !== null);
    const results = await writing;
    // Somebody's push broke the group: alone, it breaks nobody else's.
    if (results === null) for (const waiting of group) await writeAlone(waiting);
    else results.forEach((result, at) => group[at]?.settle(result));
  };
}

/**
 * The one writer of this process: pushes that arrive while a group is being written form the next one. While a group is
 * saved and committed, the one after it is decided on top of it already; that counts only if the centre is still as it
 * was decided on once its own turn, the head's lock, has come. It asks for that lock once the one before is saved, and
 * gets it with that one's commit.
 */
export function createGroupWriter(parts: WriterParts): GroupWriter {
  const turns = new Turns(parts);
  const writeTogether = createWrites(parts, turns);
  let waitingOps = 0;
  let isRunning = false;

  /** @returns When the next turn may begin: the group is saved, or, without a second connection, committed. */
  const beginTurn = (turn: Turn): { next: Promise<void>; done: Promise<void> } => {
    const saved = Promise.withResolvers<void>();
    const done = writeTogether(turn, saved.resolve).then(() => {
      waitingOps -= opsOf(turn.group);
    });
    return { done, next: parts.reads === null ? done : Promise.race([saved.promise, done]) };
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    let done: Promise<void> = Promise.resolve();
    while (!turns.isEmpty) {
      const turn = beginTurn(turns.take());
      await turn.next;
      // Two at most: one waits for the disk, the other for the head.
      await done;
      done = turn.done;
      if (turns.isEmpty) await done;
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
        turns.queue.push({ push, settle, fail: reject });
        waitingOps += push.ops.length;
        if (isRunning) turns.pushArrived();
        else void run();
        return undefined;
      }),
  };
}
