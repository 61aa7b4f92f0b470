import type { Logger } from 'pino';
import { DbError } from '../../db/errors.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { AppError } from '../contract/errors.ts';
import type { SyncStatus } from '../contract/till.ts';
import { CentreFault, createCentreClient } from './centre-client.ts';
import { exchangeOnce, isCountingAnew, startAnew, type StepResult } from './exchange-step.ts';
import type { CoreClock } from './system-clock.ts';
import type { TillSettings } from './till-settings.ts';

/**
 * The first screen comes before the first exchange: both want the same processor in a till's first second.
 */
const FIRST_PAUSE_MS = 1_000;
const IDLE_PAUSE_MS = 5_000;
const BACK_OFF_FIRST_MS = 1_000;
const BACK_OFF_MAX_MS = 5 * 60_000;
/** Bounds one run; a first copy of ten million members takes about two thousand steps more than any other. */
const STEPS_MAX = 10_000;

/** Full jitter: tills that lost the centre together must not come back together. */
export const backOffMs = (failures: number, random: number): number =>
  Math.max(BACK_OFF_FIRST_MS / 2, random * Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** failures));

interface Parts {
  till: TillDb;
  replica: () => ReplicaDb;
  settings: TillSettings;
  clock: CoreClock;
  log: Logger;
  timeoutMs: number;
  /** A file failed under a sync: it is mended, or the process ended, as for any call. */
  onDbError: (error: DbError) => void;
  onStatus: (status: SyncStatus) => void;
  onDocuments: () => void;
  onChanged: (memberIds: MemberId[] | null) => void;
}

export interface RunResult {
  pushed: number;
  pulled: number;
  /** The centre's number of this till's newest answered op; 0 before the first. */
  ackedSeq: number;
  cursor: number;
  outstanding: number;
}

type Problem = NonNullable<SyncStatus['problem']>;

/**
 * What a failure means to the person at the till: a state that passes by itself, or one that needs somebody.
 */
function toProblem(cause: unknown): { state: 'offline' | 'stopped'; problem: Problem } {
  if (cause instanceof DbError && cause.code === 'full') {
    const message =
      'The disk is full, so this till can not sync. Everything saved here is kept; free some space.';
    return { state: 'stopped', problem: { code: 'disk_full', message } };
  }
  if (!(cause instanceof CentreFault)) {
    const message = 'Sync failed on this till. Everything saved here is kept.';
    return { state: 'offline', problem: { code: 'bug', message } };
  }
  const state = cause.kind === 'refused' ? 'stopped' : 'offline';
  return { state, problem: { code: cause.code, message: cause.message } };
}

/** Brings the till and the centre together: by itself after `start`, or once by `run`. One run at a time. */
export class SyncLoop {
  readonly #parts: Parts;
  #state: SyncStatus['state'];
  #problem: Problem | null = null;
  #failures = 0;
  #nextTryAtMs: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<RunResult> | null = null;
  #isNudged = false;
  #isStarted = false;
  readonly #hangUp = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#state = parts.settings.enrolment() === null ? 'off' : 'idle';
  }

  status(): SyncStatus {
    const { till, replica, settings } = this.#parts;
    const { outstanding, held } = till.ops.counts();
    const { cursor, settled } = replica().meta();
    const state = this.#state;
    const isFilling = state !== 'off' && settled === 0;
    const members = isFilling ? replica().counts().members : 0;
    const [lastSyncAtMs, nextTryAtMs, problem] = [settings.lastSyncAtMs(), this.#nextTryAtMs, this.#problem];
    return { state, outstanding, held, lastSyncAtMs, nextTryAtMs, cursor, isFilling, members, problem };
  }

  /** From now on the till syncs by itself. A command line never starts it: there `run` is the only way. */
  start(): void {
    this.#isStarted = true;
    if (this.#parts.settings.enrolment() === null) return;
    this.#timer = setTimeout(() => void this.#runQuietly(), FIRST_PAUSE_MS);
  }

  /**
   * Something was saved: send it soon, unless the centre is away, when the back-off decides. In a later turn
   * of the event loop, so that the cashier's answer leaves before any of this is worked out.
   */
  nudge(): void {
    setImmediate(() => {
      if (this.#hangUp.signal.aborted) return;
      this.#publish();
      if (this.#running !== null) this.#isNudged = true;
      else if (this.#isStarted && this.#failures === 0) void this.#runQuietly();
    });
  }

  /**
   * One whole cycle. Single flight: who asks while a run is under way waits for that one, and another
   * follows.
   *
   * @throws CentreFault Why nothing more was sent or fetched. What was saved here stays saved.
   */
  run(): Promise<RunResult> {
    if (this.#running !== null) {
      this.#isNudged = true;
      return this.#running;
    }
    clearTimeout(this.#timer);
    this.#state = 'syncing';
    this.#nextTryAtMs = null;
    this.#running = this.#runOnce();
    return this.#running;
  }

  /** Stops for good; resolves when no step is under way. */
  async close(): Promise<void> {
    this.#hangUp.abort();
    clearTimeout(this.#timer);
    await this.#running?.catch(() => null);
  }

  async #runOnce(): Promise<RunResult> {
    try {
      const result = await this.#steps();
      this.#succeed(result);
      return result;
    } catch (cause) {
      this.#fail(cause);
      throw cause;
    } finally {
      this.#running = null;
      if (!this.#hangUp.signal.aborted) {
        this.#schedule();
        this.#publish();
      }
    }
  }

  async #steps(): Promise<RunResult> {
    const { till, replica, settings, timeoutMs } = this.#parts;
    const enrolment = settings.enrolment();
    if (enrolment === null)
      throw new AppError('not_enrolled', 'This till is not set up yet. Enrol it first.');
    const centre = createCentreClient({ ...enrolment, timeoutMs, hangUp: this.#hangUp.signal });
    const total = { pushed: 0, pulled: 0 };
    let canStartAnew = true;
    for (let step = 0; step < STEPS_MAX && !this.#hangUp.signal.aborted; step += 1) {
      const parts = { till, replica: replica(), enrolment, centre };
      const result = await exchangeOnce(parts).catch((cause: unknown) => {
        if (!canStartAnew || parts.replica.isNewer || !isCountingAnew(cause)) throw cause;
        return null;
      });
      if (result === null) {
        canStartAnew = false;
        this.#startAnew();
        continue;
      }
      total.pushed += result.pushed;
      total.pulled += result.pulled;
      this.#takeStep(result);
      if (!result.hasMore) break;
      this.#publish();
    }
    const ackedSeq = till.ops.listAfter(till.ops.ackedTseq() - 1, 1)[0]?.ackSeq ?? 0;
    return {
      ...total,
      ackedSeq,
      cursor: replica().meta().cursor,
      outstanding: till.ops.counts().outstanding,
    };
  }

  #startAnew(): void {
    const { till, replica, log, onChanged } = this.#parts;
    log.warn('the centre counts anew; the copy is fetched again and own actions are sent again');
    startAnew({ till, replica: replica() });
    onChanged(null);
  }

  #takeStep(result: StepResult): void {
    if (result.hasDocuments) this.#parts.onDocuments();
    if (result.pulled + result.pushed > 0) this.#parts.onChanged(result.changed);
  }

  #succeed(result: RunResult): void {
    const { settings, clock, log } = this.#parts;
    this.#failures = 0;
    this.#problem = null;
    this.#state = 'idle';
    settings.setLastSyncAtMs(clock.nowMs());
    if (result.pushed + result.pulled > 0) log.info({ ...result }, 'synced');
  }

  #fail(cause: unknown): void {
    const { log } = this.#parts;
    this.#failures += 1;
    const { state, problem } = toProblem(cause);
    this.#state = state;
    this.#problem = problem;
    if (cause instanceof DbError) this.#parts.onDbError(cause);
    if (problem.code === 'bug') log.error({ err: cause }, 'sync failed');
    else log.warn({ code: problem.code, failures: this.#failures }, 'no answer from the centre');
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isStarted || this.#parts.settings.enrolment() === null) return;
    const isDue = this.#isNudged && this.#failures === 0;
    const waitMs = this.#failures > 0 ? backOffMs(this.#failures, Math.random()) : IDLE_PAUSE_MS;
    const pauseMs = isDue ? 0 : Math.round(waitMs);
    this.#isNudged = false;
    this.#nextTryAtMs = this.#parts.clock.nowMs() + pauseMs;
    this.#timer = setTimeout(() => void this.#runQuietly(), pauseMs);
  }

  async #runQuietly(): Promise<void> {
    try {
      await this.run();
    } catch (cause) {
      this.#parts.log.debug({ err: cause }, 'next try is scheduled');
    }
  }

  #publish(): void {
    this.#parts.onStatus(this.status());
  }
}
