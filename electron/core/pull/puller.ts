import type { Logger } from 'pino';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { DbError } from '../../../db/errors.ts';
import { fillPathOf, removeFill } from '../../../db/replica/bulk/fill-file.ts';
import type { ReplicaDb } from '../../../db/replica/types.ts';
import { startReplicaWorker, type ReplicaWorker } from '../../../db/replica/worker-host.ts';
import type { WakeReply } from '../../../sync/feed/replies.ts';
import { isCopyOutgrown, noteCopyShape } from '../copy-shape.ts';
import { nodeSigning } from '../crypto.ts';
import { markIn } from '../exchange-step.ts';
import type { Enrolment, TillSettings } from '../till-settings.ts';
import { checkDigests } from './check-digests.ts';
import { createFeedSource, type FeedSource } from './feed-source.ts';
import { pullFiles, refill, settleFiles, type FillProgress, type PullParts } from './pull-files.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Every so many days what the rows say is compared, not only what was noted of them. */
const THOROUGH_DAYS = 7;
/** While files come in, own ops are still sent about so often. */
const SEND_EVERY_MS = 2_000;
/** The centre cuts no file for so little: in a moment it is old enough. */
const NOT_CUT_YET_MS = 1_000;
/** A centre that numbers on without ever settling the till's own ops is not going to. */
const EXCHANGES_MAX = 1_000;

interface Parts {
  replica: () => ReplicaDb;
  settings: TillSettings;
  place: { path: string; keyHex: string };
  adoptFill: () => void | Promise<void>;
  timeoutMs: number;
  log: Logger;
  /** Real time where nothing else is said. */
  sleep?: (ms: number, hangUp: AbortSignal) => Promise<void>;
}

/** One run of the sync loop, as a pull sees it. */
export interface PullRun {
  enrolment: Enrolment;
  hangUp: AbortSignal;
  /** Fates of own ops are known up to here. */
  knownSeq: () => number;
  /** Sends and hears of fates, and takes no rows. */
  exchangeFates: () => Promise<void>;
  hasUnsent: () => boolean;
  onProgress: () => void;
}

/** Everything that comes in files and not in answers. One call at a time, but for `wake`. */
export interface Puller {
  /** Of a whole copy that is on its way; null when none is. */
  progress(): FillProgress | null;
  /** Finishes what a cut left behind. Comes before every exchange. */
  settle(run: PullRun): Promise<void>;
  /** After an answer that said that the copy is far behind. */
  pull(run: PullRun): Promise<void>;
  /**
   * Once a day, when all else is done: compares digests and mends; at once where the rows' shape has changed since the
   * copy was filled. @returns true when rows were mended
   */
  check(run: PullRun, nowMs: number): Promise<boolean>;
  /** Begins, in a thread of its own, what is due of search keys and digests after many rows. */
  tend(): void;
  /** Resolves when the centre has something new, or after half a minute. */
  wake(run: Pick<PullRun, 'enrolment' | 'hangUp'>, afterSeq: number): Promise<WakeReply>;
  /** Ends what a thread does with the copy; null when nothing is under way. */
  rest(): Promise<void> | null;
  close(): Promise<void>;
}

/** Threads cost memory: one that has nothing to do is ended, by the last of those who use it. */
function createWorkerSlot(place: Parts['place']) {
  let worker: ReplicaWorker | null = null;
  let tending: Promise<void> | null = null;
  let users = 0;
  let ending: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const ended = worker;
    worker = null;
    if (ended === null) return ending ?? undefined;
    const closed = ended.close().finally(() => {
      if (ending === closed) ending = null;
    });
    ending = closed;
    return closed;
  };
  /** A thread that is ended in the middle has its file closed when this resolves. */
  const rest = (): Promise<void> | null => (worker === null ? ending : close());
  const get = (): ReplicaWorker => (worker ??= startReplicaWorker(place));
  const use = async <T>(act: () => Promise<T>): Promise<T> => {
    users += 1;
    try {
      return await act();
    } finally {
      users -= 1;
      if (users === 0) await close();
    }
  };
  return {
    get,
    use,
    tend: (turns: SharedArrayBuffer, onFault: (cause: unknown) => void): void => {
      tending ??= use(() => get().tend(turns))
        .catch(onFault)
        .finally(() => (tending = null));
    },
    rest,
    untilTended: async (): Promise<void> => tending ?? undefined,
    close,
  };
}

/** Finds what differs and fetches it; all of it anew where rows do not help. */
async function compareAndMend(
  pull: PullParts,
  { isThorough, log }: { isThorough: boolean; log: Logger },
): Promise<'same' | 'mended' | 'unknown'> {
  const found = await checkDigests(pull, isThorough);
  if (found === null) return 'unknown';
  const { members, cards, accounts } = found.differing;
  if (members + cards + accounts === 0) return 'same';
  log.error({ ...found }, 'the copy differed from the centre; what differed was fetched again');
  if (!found.isMended) await refill(pull);
  return 'mended';
}

/**
 * A fresh copy beside the one in use, which goes on meanwhile. What stops it (no room for a second one, a thin line)
 * stops nothing else: it is tried again a day later, by then from the start where the disk was the reason.
 */
async function outgrow(
  pull: PullParts,
  { settings, log }: Pick<Parts, 'settings' | 'log'>,
  hangUp: AbortSignal,
): Promise<'done' | 'put off' | 'not on this disk'> {
  log.warn('rows have another shape than when the copy was filled; a fresh one is fetched');
  try {
    await refill(pull);
  } catch (cause) {
    hangUp.throwIfAborted();
    log.warn({ err: cause }, 'no fresh copy could be fetched; the one in use stays');
    return cause instanceof DbError ? 'not on this disk' : 'put off';
  }
  noteCopyShape(settings);
  return 'done';
}

type Outgrown = Awaited<ReturnType<typeof outgrow>>;

/** At most once a day, whatever came of it. What it began leaves the disk where there is no room for it. */
function createShapeRenewal({ place }: Pick<Parts, 'place'>) {
  let againAtMs = 0;
  return async (nowMs: number, fetchAnew: () => Promise<Outgrown>): Promise<boolean> => {
    if (nowMs < againAtMs) return false;
    againAtMs = nowMs + DAY_MS;
    const end = await fetchAnew();
    if (end === 'not on this disk') removeFill(fillPathOf(place.path));
    return end === 'done';
  };
}

const realSleep = (ms: number, hangUp: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal: hangUp }).catch(() => undefined);

/** Who asks again at once after a pull that brought nothing would ask for the same again and again. */
async function unhurried(
  { replica, sleep: wait = realSleep }: Pick<Parts, 'replica' | 'sleep'>,
  { hangUp }: Pick<PullRun, 'hangUp'>,
  act: () => Promise<void>,
): Promise<void> {
  const before = replica().meta();
  await act();
  const { epoch, cursor } = replica().meta();
  if (epoch === before.epoch && cursor === before.cursor) await wait(NOT_CUT_YET_MS, hangUp);
}

export function createPuller(parts: Parts): Puller {
  const { replica, settings, place, timeoutMs, log } = parts;
  const slot = createWorkerSlot(place);
  let progress: FillProgress | null = null;
  let sentAtMs = 0;
  const renewShape = createShapeRenewal(parts);
  const sourceOf = ({ enrolment, hangUp }: Pick<PullRun, 'enrolment' | 'hangUp'>): FeedSource =>
    createFeedSource({ ...enrolment, timeoutMs, hangUp });

  const partsOf = (run: PullRun): PullParts => ({
    source: sourceOf(run),
    signing: nodeSigning,
    signKey: run.enrolment.centreKeys.signKey,
    replica,
    place,
    worker: slot.get,
    adopt: async () => {
      await slot.untilTended();
      await parts.adoptFill();
    },
    knowFates: async (seq) => {
      for (let tries = 0; run.knownSeq() < seq; tries += 1) {
        if (tries >= EXCHANGES_MAX) throw new Error('pull: the fates of own ops stay unknown');
        await run.exchangeFates();
      }
    },
    reach: run.knownSeq,
    mark: (epoch) => markIn(settings, epoch),
    onProgress: (step) => {
      progress = step;
      run.onProgress();
    },
    pause: async () => {
      await nextTurn();
      run.hangUp.throwIfAborted();
      if (!run.hasUnsent() || performance.now() - sentAtMs < SEND_EVERY_MS) return;
      sentAtMs = performance.now();
      await run.exchangeFates();
    },
  });
  /** The thread is kept only while there is work for it. */
  const using = <T>(act: () => Promise<T>): Promise<T> => slot.use(act).finally(() => (progress = null));
  return {
    progress: () => progress,
    settle: (run) => settleFiles(partsOf(run)),
    pull: (run) => unhurried(parts, run, () => using(() => pullFiles(partsOf(run)))),
    check: async (run, nowMs) => {
      if (isCopyOutgrown(settings)) {
        return renewShape(nowMs, () => using(() => outgrow(partsOf(run), parts, run.hangUp)));
      }
      const { checkedAtMs, count } = settings.digestChecks() ?? { checkedAtMs: nowMs, count: 0 };
      if (settings.digestChecks() === null) settings.setDigestChecks({ checkedAtMs, count });
      if (nowMs - checkedAtMs < DAY_MS) return false;
      const isThorough = count % THOROUGH_DAYS === THOROUGH_DAYS - 1;
      const result = await using(() => compareAndMend(partsOf(run), { isThorough, log }));
      if (result !== 'unknown') settings.setDigestChecks({ checkedAtMs: nowMs, count: count + 1 });
      return result === 'mended';
    },
    tend: () => {
      if (replica().isNewer || !replica().isTendingDue()) return;
      slot.tend(replica().turns, (cause) => log.warn({ err: cause }, 'search keys could not be tended'));
    },
    wake: (run, afterSeq) => sourceOf(run).wake(afterSeq),
    rest: slot.rest,
    close: slot.close,
  };
}
