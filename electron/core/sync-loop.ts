import type { Logger } from 'pino';
import type { ReplicaDb } from '../../db/replica/types.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { AppError } from '../contract/errors.ts';
import type { SyncStatus } from '../contract/till.ts';
import { CentreFault, createCentreClient } from './centre-client.ts';
import { exchangeOnce, type StepResult } from './exchange-step.ts';
import type { CoreClock } from './system-clock.ts';
import type { TillSettings } from './till-settings.ts';

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

export function createSyncLoop(parts: Parts) {
  const { till, replica, settings, clock, log } = parts;
  let state: SyncStatus['state'] = settings.enrolment() === null ? 'off' : 'idle';
  let problem: Problem | null = null;
  let failures = 0;
  let nextTryAtMs: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<RunResult> | null = null;
  let isNudged = false;
  let isStarted = false;
  let isClosed = false;

  const status = (): SyncStatus => {
    const { outstanding, held } = till.ops.counts();
    const { cursor, settled } = replica().meta();
    const isFilling = state !== 'off' && settled === 0;
    const { members } = isFilling ? replica().counts() : { members: 0 };
    const lastSyncAtMs = settings.lastSyncAtMs();
    return { state, outstanding, held, lastSyncAtMs, nextTryAtMs, cursor, isFilling, members, problem };
  };
  const publish = (): void => parts.onStatus(status());

  const takeStep = (result: StepResult): void => {
    if (result.hasDocuments) parts.onDocuments();
    if (result.pulled + result.pushed > 0) parts.onChanged(result.changed);
  };

  const steps = async (): Promise<RunResult> => {
    const enrolment = settings.enrolment();
    if (enrolment === null)
      throw new AppError('not_enrolled', 'This till is not set up yet. Enrol it first.');
    const centre = createCentreClient(enrolment.serverUrl, enrolment.token, parts.timeoutMs);
    const total: RunResult = { pushed: 0, pulled: 0, ackedSeq: 0, cursor: 0, outstanding: 0 };
    for (let step = 0; step < STEPS_MAX && !isClosed; step += 1) {
      const result = await exchangeOnce({ till, replica: replica(), enrolment, centre });
      total.pushed += result.pushed;
      total.pulled += result.pulled;
      takeStep(result);
      if (!result.hasMore) break;
      publish();
    }
    const ackedTseq = till.ops.ackedTseq();
    const ackedSeq = till.ops.listAfter(ackedTseq - 1, 1)[0]?.ackSeq ?? 0;
    return {
      ...total,
      ackedSeq,
      cursor: replica().meta().cursor,
      outstanding: till.ops.counts().outstanding,
    };
  };

  const succeed = (result: RunResult): void => {
    failures = 0;
    problem = null;
    state = 'idle';
    settings.setLastSyncAtMs(clock.nowMs());
    if (result.pushed + result.pulled > 0) log.info({ ...result }, 'synced');
  };

  const fail = (cause: unknown): void => {
    failures += 1;
    const isRefused = cause instanceof CentreFault && cause.kind === 'refused';
    state = isRefused ? 'stopped' : 'offline';
    const code = cause instanceof CentreFault ? cause.code : 'bug';
    problem = {
      code,
      message:
        cause instanceof CentreFault
          ? cause.message
          : 'Sync failed on this till. Everything saved here is kept.',
    };
    if (code === 'bug') log.error({ err: cause }, 'sync failed');
    else log.warn({ code, failures }, 'no answer from the centre');
  };

  const schedule = (): void => {
    clearTimeout(timer);
    if (!isStarted || isClosed || settings.enrolment() === null) return;
    const pauseMs = failures > 0 ? backOffMs(failures, Math.random()) : IDLE_PAUSE_MS;
    nextTryAtMs = clock.nowMs() + Math.round(pauseMs);
    timer = setTimeout(() => void runQuietly(), isNudged && failures === 0 ? 0 : pauseMs);
    isNudged = false;
  };

  /** Single flight: who asks while a run is under way waits for that one, and another follows if ops came meanwhile. */
  const run = (): Promise<RunResult> => {
    if (running !== null) {
      isNudged = true;
      return running;
    }
    clearTimeout(timer);
    state = 'syncing';
    nextTryAtMs = null;
    const flight = steps()
      .then((result) => {
        succeed(result);
        return result;
      })
      .catch((cause: unknown) => {
        fail(cause);
        throw cause;
      })
      .finally(() => {
        running = null;
        if (isClosed) return;
        schedule();
        publish();
      });
    running = flight;
    return flight;
  };
  const runQuietly = async (): Promise<void> => {
    try {
      await run();
    } catch (cause) {
      log.debug({ err: cause }, 'next try is scheduled');
    }
  };

  return {
    status,
    run,
    /** From now on the till syncs by itself. A command line never starts it: there `run` is the only way. */
    start: (): void => {
      isStarted = true;
      if (settings.enrolment() !== null) void runQuietly();
    },
    /** Something was saved: send it soon, unless the centre is away, when the back-off decides. */
    nudge: (): void => {
      publish();
      if (running !== null) isNudged = true;
      else if (isStarted && failures === 0) void runQuietly();
    },
    /** Stops for good; resolves when no step is under way. */
    close: async (): Promise<void> => {
      isClosed = true;
      clearTimeout(timer);
      await running?.catch(() => null);
    },
  };
}
export type SyncLoop = ReturnType<typeof createSyncLoop>;
