import type { Logger } from 'pino';
import { DbError } from '../../db/errors.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { AppError } from '../contract/errors.ts';
import type { SyncStatus } from '../contract/till.ts';
import { backOffMs } from './back-off.ts';
import { CentreFault, createCentreClient, type CentreClient } from './centre-client.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { CloseProver } from './close/prover.ts';
import {
  exchangeOnce,
  isCountingAnew,
  isToSendInFull,
  startAnew,
  type StepParts,
  type StepResult,
} from './exchange-step.ts';
import { eachOf } from './each-of.ts';
import type { Puller, PullRun } from './pull/puller.ts';
import { telling } from './pull/telling.ts';
import { isUnsettled } from './pull/unsettled.ts';
import { watchForNews } from './pull/wake-watch.ts';
import { closeGap, tellMended } from './mending/mended-status.ts';
import { isFinal, isStopping, renewAfter, renewsAfter, sendStrays } from './renewal.ts';
import type { Aside, Enrolment, TillSettings } from './till-settings.ts';
import type { OwnSpill } from './spill.ts';
import { toProblem, type Problem } from './sync-problem.ts';
import { timed } from './timed-centre.ts';
import { refreshGrants } from './spending/ask-centre.ts';
import { SendAhead } from './send-ahead.ts';

/** The first screen comes before the first exchange: both want the same processor in a till's first second. */
const FIRST_PAUSE_MS = 1_000;
const IDLE_PAUSE_MS = 5_000;
/** Bounds one run; a first copy of ten million members takes about two thousand steps more than any other. */
const STEPS_MAX = 10_000;

interface Parts {
  till: TillDb;
  replica: () => ReplicaDb;
  settings: TillSettings;
  clock: ClockGuard;
  log: Logger;
  timeoutMs: number;
  /** Whence ids of requests come; the platform's where nothing else is said. */
  crypto?: Crypto;
  /** How the centre is reached; over HTTP where nothing else is said. */
  connect?: (centre: Parameters<typeof createCentreClient>[0]) => CentreClient;
  /** Asks about closed days; without it they stay unproven. */
  closeProver?: CloseProver;
  /** What comes in files; without it a till that is far behind stays so. */
  puller?: Puller;
  /** Opens a file beside `till.db` that was set aside; see `renewal.ts`. */
  openAside: (file: string) => TillDb;
  /** See `renewal.ts`; a till in memory has none. */
  allAsides?: () => Aside[];
  /** The till's spill file; a till in memory has none. */
  spill?: OwnSpill;
  /** Actions that this start found in the spill file and not in `till.db`. */
  rescued?: number;
  /** This start made `till.db` anew; see `mending.ts`. */
  isMended?: boolean;
  /** Blanks a member in files that were set aside; see `purge.ts`. */
  eraseAsides?: (memberId: MemberId) => boolean;
  /** Sends spill files that were set aside; see `spill.ts`. */
  sendSpills?: (enrolment: Enrolment, centre: CentreClient) => Promise<void>;
  /** An empty copy for the one in use; without it the rows are taken out one by one. */
  renewCopy?: (before: () => void) => Promise<void>;
  /** Fewer ops in one request than the protocol allows. */
  opsMax?: number;
  /** The copy has all that the centre has. */
  onWhole?: () => Promise<void>;
  /** The centre gave this till a new incarnation: the next start begins with a fresh file. */
  onRenewed: () => void;
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

/** Brings the till and the centre together: by itself after `start`, or once by `run`. One run at a time. */
export class SyncLoop {
  readonly #parts: Parts;
  #state: SyncStatus['state'];
  #problem: Problem | null = null;
  #failures = 0;
  /** What the centre asked for with its last refusal. */
  #retryAfterMs = 0;
  #nextTryAtMs: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<RunResult> | null = null;
  #isNudged = false;
  #isStarted = false;
  /** Up to which number of the feed the fates of own ops are known. */
  #knownSeq = 0;
  /** Of a backlog of releases that one answer could not tell; null: those behind the cursor. */
  readonly #released: { seq: number | null };
  readonly #hangUp = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
    // A disk that lied may have lost the word of one whose row the copy has: no cursor brings it again.
    this.#released = { seq: parts.till.ops.counts().held > 0 ? 0 : null };
    this.#state = parts.settings.enrolment() === null ? 'off' : 'idle';
  }

  /** True unless the last try failed: what only the centre can say is worth a question. */
  isLineUp(): boolean {
    return this.#state !== 'off' && this.#failures === 0;
  }

  status(): SyncStatus {
    const { till, replica, settings, puller, clock } = this.#parts;
    const { outstanding, held } = till.ops.counts();
    const { cursor, settled } = replica().meta();
    const state = this.#state;
    // Documents come first: with them people sign in and sell, while the members are still on their way. The
    // second copy counts too: a fresh copy has none for a moment, and nobody at the till may notice.
    const hasDocuments = replica().documents().length > 0 || settings.documents().length > 0;
    const isFilling = state !== 'off' && settled === 0 && !hasDocuments;
    const filling = puller?.progress() ?? null;
    const members = filling?.members ?? (settled === 0 ? replica().counts().members : 0);
    const [syncedAtMs, nextTryAtMs, problem] = [settings.lastSyncAtMs(), this.#nextTryAtMs, this.#problem];
    const lastSyncAtMs = syncedAtMs === null ? null : clock.onPc(syncedAtMs);
    const copy = { cursor, isFilling, members, membersOf: filling?.of ?? 0, clockAheadMs: clock.aheadMs() };
    const mended = tellMended(this.#parts);
    return { state, outstanding, held, lastSyncAtMs, nextTryAtMs, ...copy, problem, ...mended };
  }

  /** From now on the till syncs by itself. A command line never starts it: there `run` is the only way. */
  start(): void {
    this.#isStarted = true;
    if (this.#parts.settings.enrolment() === null) return;
    this.#timer = setTimeout(() => void this.#runQuietly(), FIRST_PAUSE_MS);
    this.#watch();
  }

  #watch(): void {
    const { puller, settings, replica } = this.#parts;
    if (puller === undefined) return;
    void watchForNews({
      puller,
      enrolment: settings.enrolment,
      cursor: () => replica().meta().cursor,
      isCalm: () => this.#failures === 0,
      run: () => this.run(),
      isStop: isStopping,
      hangUp: this.#hangUp.signal,
    });
  }

  /**
   * Something was saved: send it soon, unless the centre is away, when the back-off decides. In a later turn of the
   * event loop, so that the cashier's answer leaves first.
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
   * One whole cycle. Single flight: who asks while a run is under way waits for that one, and another follows.
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
    await this.#parts.puller?.close();
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
    const { till, replica, settings, spill, eraseAsides, opsMax, clock } = this.#parts;
    const { timeoutMs, connect = createCentreClient } = this.#parts;
    const enrolment = settings.enrolment();
    if (enrolment === null)
      throw new AppError('not_enrolled', 'This till is not set up yet. Enrol it first.');
    const centre = timed(connect({ ...enrolment, timeoutMs, hangUp: this.#hangUp.signal }), this.#parts);
    this.#assertNotRenewed();
    const total = { pushed: 0, pulled: 0 };
    const tries = { canStartAnew: true, isInFull: false };
    // Over a line that fails, or a centre that has too much to do, one request at a time has the best chance.
    const ahead = this.#failures === 0 ? new SendAhead() : undefined;
    const pull = this.#pullRun(enrolment, centre);
    // First, while this incarnation lives: what is in there belongs to it and takes its place there.
    await this.#parts.sendSpills?.(enrolment, centre);
    for (let step = 0; step < STEPS_MAX && !this.#hangUp.signal.aborted; step += 1) {
      const now = { wallMs: clock.wallMs(), isInFull: tries.isInFull, isRowsHeld: isUnsettled(this.#parts) };
      const files = { till, replica: replica(), settings, spill, eraseAsides, released: this.#released };
      const parts: StepParts = { ...files, ...now, enrolment, centre, ahead, opsMax };
      const result = await exchangeOnce(parts).catch((cause: unknown) => this.#recover(cause, parts, tries));
      if (result === null) continue;
      total.pushed += result.pushed;
      total.pulled += result.pulled;
      this.#takeStep(result);
      // While a backlog leaves, each batch of it would write the rest of the file anew.
      if (!result.hasMore) spill?.forget(result.durableTseq);
      if (now.isRowsHeld) await telling(this.#parts, async () => this.#parts.puller?.settle(pull));
      else if (result.isFarBehind && result.knownSeq > 0) await this.#pullFiles(pull);
      else if (!result.hasMore) break;
      this.#publish();
    }
    if (!replica().isNewer) this.#parts.puller?.tend();
    await eachOf([
      () => sendStrays({ ...this.#parts, enrolment, centre }),
      async () => this.#parts.closeProver?.prove(enrolment, centre),
      async () => replica().isNewer || refreshGrants(this.#parts, enrolment, centre),
      () => this.#checkCopy(pull),
    ]);
    const ackedSeq = till.ops.listAfter(till.ops.ackedTseq() - 1, 1)[0]?.ackSeq ?? 0;
    return {
      ...total,
      ackedSeq,
      cursor: replica().meta().cursor,
      outstanding: till.ops.counts().outstanding,
    };
  }

  /** What a pull of files needs of this run: it must hear of own ops' fates, and must not take rows. */
  #pullRun(enrolment: Enrolment, centre: CentreClient): PullRun {
    const { till, replica, settings, clock, spill } = this.#parts;
    const exchangeFates = async (): Promise<void> => {
      const files = { till, replica: replica(), settings, spill, released: this.#released };
      const step = { ...files, enrolment, centre, isInFull: true };
      const { knownSeq } = await exchangeOnce({ ...step, wallMs: clock.wallMs(), isRowsHeld: true });
      this.#knownSeq = knownSeq;
    };
    return {
      enrolment,
      hangUp: this.#hangUp.signal,
      knownSeq: () => this.#knownSeq,
      exchangeFates,
      hasUnsent: () => till.ops.counts().outstanding > 0,
      onProgress: () => this.#publish(),
    };
  }

  async #pullFiles(pull: PullRun): Promise<void> {
    const { puller } = this.#parts;
    if (puller === undefined) throw new Error('sync: far behind, and nothing here fetches files');
    await telling(this.#parts, () => puller.pull(pull));
  }

  /** After a run, once a day: the comparison with the centre. */
  async #checkCopy(pull: PullRun): Promise<void> {
    const { puller, replica, clock } = this.#parts;
    if (puller === undefined || replica().isNewer) return;
    await telling(this.#parts, () => puller.check(pull, clock.nowMs()));
  }

  /** Null: try again at once, another way. @throws What it can not mend. */
  async #recover(
    cause: unknown,
    parts: StepParts,
    tries: { canStartAnew: boolean; isInFull: boolean },
  ): Promise<null> {
    if (isToSendInFull(cause) && !tries.isInFull) {
      tries.isInFull = true;
      return null;
    }
    if (tries.canStartAnew && !parts.replica.isNewer && isCountingAnew(cause)) {
      tries.canStartAnew = false;
      await this.#startAnew();
      return null;
    }
    if (!renewsAfter(cause, parts.settings)) throw cause;
    this.#parts.log.warn('this file is older than what the centre has of it; a new incarnation is asked for');
    const { crypto } = this.#parts;
    await renewAfter(cause, crypto === undefined ? parts : { ...parts, crypto });
    this.#assertNotRenewed();
    throw cause;
  }

  /** A till that was given a new incarnation sends nothing more under the old one. */
  #assertNotRenewed(): void {
    if (this.#parts.settings.renewal() === null) return;
    this.#parts.onRenewed();
    const message =
      'This till goes on with a fresh file. Everything saved here is kept and sent; start again.';
    throw new AppError('core_restarted', message);
  }

  async #startAnew(): Promise<void> {
    const { replica, log, onChanged, renewCopy } = this.#parts;
    log.warn('the centre counts anew; the copy is fetched again and own actions are sent again');
    await startAnew({ ...this.#parts, replica: replica() }, renewCopy);
    this.#released.seq = null;
    this.#parts.closeProver?.askAllAgain();
    onChanged(null);
  }

  #takeStep(result: StepResult): void {
    this.#knownSeq = result.knownSeq;
    if (result.hasDocuments) this.#parts.onDocuments();
    if (result.pulled + result.pushed > 0) this.#parts.onChanged(result.changed);
  }

  #succeed(result: RunResult): void {
    const { settings, clock, log, replica, onWhole } = this.#parts;
    this.#failures = 0;
    this.#problem = null;
    this.#state = 'idle';
    settings.setLastSyncAtMs(clock.nowMs());
    closeGap(settings);
    if (settings.stoppedBy() !== null) settings.setStoppedBy(null);
    const { cursor, settled } = replica().meta();
    if (settled > 0 && settled === cursor) void onWhole?.();
    if (result.pushed + result.pulled > 0) log.info({ ...result }, 'synced');
  }

  #fail(cause: unknown): void {
    const { log } = this.#parts;
    this.#failures += 1;
    const { state, problem } = toProblem(cause);
    this.#state = state;
    this.#problem = problem;
    if (cause instanceof DbError) this.#parts.onDbError(cause);
    if (isStopping(cause)) this.#parts.settings.setStoppedBy(cause.code);
    this.#retryAfterMs = cause instanceof CentreFault ? (cause.retryAfterMs ?? 0) : 0;
    if (problem.code === 'bug') log.error({ err: cause }, 'sync failed');
    // The page says it in the till's language, by the code alone: what the centre said is for support.
    else {
      const { code, message: said } = problem;
      log.warn({ code, said, failures: this.#failures }, 'no answer from the centre');
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isStarted || this.#parts.settings.enrolment() === null) return;
    if (this.#failures > 0 && isFinal(this.#parts.settings.stoppedBy())) return;
    const isDue = this.#isNudged && this.#failures === 0;
    const backOff = Math.max(backOffMs(this.#failures, Math.random()), this.#retryAfterMs);
    const waitMs = this.#failures > 0 ? backOff : IDLE_PAUSE_MS;
    const pauseMs = isDue ? 0 : Math.round(waitMs);
    this.#isNudged = false;
    this.#nextTryAtMs = this.#parts.clock.wallMs() + pauseMs;
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
