import type { Logger } from 'pino';
import type { Clock } from '../../sync/base/clock.ts';
import { planSegments, type SignedManifest, type SnapshotRef } from '../../sync/feed/manifest.ts';
import type { Database } from '../database.ts';
import { toLogged } from '../log.ts';
import { readHead } from '../repos/feed-head.ts';
import { listSegments, readCut } from '../repos/feed-files.ts';
import { findSnapshot } from '../repos/feed-snapshots.ts';
import { createHeadWatch, type HeadWatch } from './head-watch.ts';
import { createManifests } from './manifest.ts';
import { rollUpFeed } from './roll-up.ts';
import { CUT_AGE_MS, CUT_CHANGES, cutSegment } from './segmenter.ts';
import type { FeedSigner } from './signer.ts';
import { makeSnapshot } from './snapshot.ts';

const LOOK_MS = 500;
/** While tills are pushing, a cut would take their time and be out of date at once: it waits, but not for long. */
const PUSHING_MS = 250;
const PUT_OFF_LOOKS = 5;
/**
 * A till asks for files because an answer could not carry what it misses. Fewer changes than these an answer carries
 * after the files, an account and an entry of each; and while tills push, each cut more is one file more for everybody.
 */
const ASKED_CHANGES = 2_400;
const PUSHED_AGE_MS = 10_000;
/** A till compares once a day: what changes over and over is hashed once in a while, and before anybody is told. */
const HASH_AGE_MS = 60_000;
const HASH_CHANGES = 20_000;
/** In the first moment after a push tills do not wait for it; while they push, it is done after more changes. */
const HASH_QUIET_MS = 1_000;
const HASH_CHANGES_PUSHING = 200_000;
const SNAPSHOT_AGE_MS = 12 * 60 * 60_000;
/** Numbers given since, as a share of the rows: so much of a snapshot is fetched a second time as segments. */
const SNAPSHOT_STALE_SHARE = 0.05;

export interface FeedService {
  watch: HeadWatch;
  /** Cuts what is due, then says what there is. `needsSnapshot`: has one made when there is none, and waits. */
  manifest(needsSnapshot: boolean): Promise<SignedManifest>;
  /** Cuts so that files and digests reach `seq` at least. @returns up to which number they reach */
  cutTo(seq: number): Promise<number>;
  /** From now on segments are cut and snapshots renewed by themselves. */
  start(): void;
  stop(): Promise<void>;
}

interface Parts {
  database: Database;
  clock: Clock;
  log: Logger;
  signer: FeedSigner;
}

/** Null when tills that begin with `snapshot` would have to fetch too much after it, or could not go on from it. */
function isFresh(
  snapshot: SnapshotRef,
  around: { cutSeq: number; nowMs: number; canGoOn: boolean },
): boolean {
  const rows = snapshot.members + snapshot.cards + snapshot.accounts;
  const isOld = around.nowMs - snapshot.madeAtMs > SNAPSHOT_AGE_MS;
  return around.canGoOn && !(isOld && around.cutSeq - snapshot.seq > rows * SNAPSHOT_STALE_SHARE);
}

async function isSnapshotDue(database: Database, nowMs: number): Promise<boolean> {
  const [snapshot, cut] = [await findSnapshot(database.sql), await readCut(database.sql)];
  if (snapshot === null || cut === undefined) return true;
  const segments = await listSegments(database.sql, nowMs);
  const canGoOn = cut.cutSeq <= snapshot.seq || planSegments(segments, snapshot.seq) !== null;
  return !isFresh(snapshot, { cutSeq: cut.cutSeq, nowMs, canGoOn });
}

async function owesHashes({ sql }: Database): Promise<boolean> {
  const { cutSeq = 0, hashedSeq = 0 } = (await readCut(sql)) ?? {};
  return hashedSeq < cutSeq;
}

export function createFeedService({ database, clock, log, signer }: Parts): FeedService {
  const complain = (cause: unknown): void =>
    log.warn({ cause: toLogged(cause) }, 'the feed could not be cut');
  const headWatch = createHeadWatch(database.sql, complain);
  let pushedAtMs = -Infinity;
  let putOff = 0;
  const watch: HeadWatch = {
    ...headWatch,
    poke: () => {
      pushedAtMs = clock.nowMs();
      headWatch.poke();
    },
  };
  const isPushing = (withinMs = PUSHING_MS): boolean => Math.abs(clock.nowMs() - pushedAtMs) < withinMs;
  const isPutOff = (): boolean => {
    putOff = isPushing() && putOff < PUT_OFF_LOOKS ? putOff + 1 : 0;
    return putOff > 0;
  };
  const manifests = createManifests(database, signer);
  let timer: NodeJS.Timeout | undefined;
  let hashedAtMs = clock.nowMs();
  let working: Promise<void> = Promise.resolve();
  let isStopped = false;
  let making: Promise<unknown> | null = null;

  const cut = (changesMin: number, ageMsMin: number, hashAfter: number): Promise<number | null> =>
    cutSegment(database, { nowMs: clock.nowMs(), changesMin, ageMsMin, hashAfter });
  const renewSnapshot = (): Promise<unknown> => {
    making ??= makeSnapshot(database, { nowMs: clock.nowMs() }).finally(() => (making = null));
    return making;
  };
  const work = async (): Promise<void> => {
    const isHashDue = Math.abs(clock.nowMs() - hashedAtMs) >= HASH_AGE_MS;
    const hashAfter = isPushing(HASH_QUIET_MS) ? HASH_CHANGES_PUSHING : HASH_CHANGES;
    const made = await cut(CUT_CHANGES, CUT_AGE_MS, isHashDue ? 1 : hashAfter);
    if (isHashDue && !(await owesHashes(database))) hashedAtMs = clock.nowMs();
    if (made !== null) await rollUpFeed(database, clock.nowMs());
    // The first one is made when a till asks: a small chain never needs one.
    const hasOne = (await findSnapshot(database.sql)) !== null;
    if (hasOne && (await isSnapshotDue(database, clock.nowMs()))) await renewSnapshot();
  };
  const next = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      if (isPutOff()) return next();
      working = work().catch(complain).finally(next);
    }, LOOK_MS);
  };
  return {
    watch,
    manifest: async (needsSnapshot) => {
      // Somebody waits for it; digests nobody asked for yet.
      await cut(ASKED_CHANGES, isPushing() ? PUSHED_AGE_MS : CUT_AGE_MS, Infinity);
      if (needsSnapshot && (await isSnapshotDue(database, clock.nowMs()))) await renewSnapshot();
      return manifests(clock.nowMs());
    },
    cutTo: async (seq) => {
      const { cutSeq = 0, hashedSeq = 0 } = (await readCut(database.sql)) ?? {};
      const isShort = cutSeq < seq && (await readHead(database.sql)).seq >= seq;
      if (isShort || hashedSeq < cutSeq) await cut(1, 0, 1);
      return (await readCut(database.sql))?.cutSeq ?? 0;
    },
    start: next,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      watch.close();
      await working;
      await making?.catch(() => undefined);
    },
  };
}
