import { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Centre } from '../centre.ts';
import { createLane, type Lane, type LaneLimits } from '../lane.ts';
import { BusyRefusal } from '../refusal.ts';
import { createTokenBucket } from '../token-bucket.ts';

/** `counter`: a person waits for it; `till`: a till does it by itself; `files`: much, but cheap. */
export type LaneName = 'counter' | 'till' | 'files';

export interface LoadLimits {
  lanes: Readonly<Record<LaneName, LaneLimits>>;
  perSecond: number;
  burst: number;
  /** Who takes nothing of an answer for so long is cut off. */
  takingMs: number;
}

/**
 * A till asks every five seconds and once per sale; a day's backlog is a few dozen requests, five at a time. What
 * waits is served within seconds: long before the till gives up. A till in the middle of its files is not sent away: it
 * would begin anew, and files are quick.
 */
export const LOAD_LIMITS: LoadLimits = {
  lanes: {
    counter: { insideMax: 32, waitingMax: 256, readingMax: 512, perCallerMax: 16 },
    till: { insideMax: 64, waitingMax: 256, readingMax: 1_024, perCallerMax: 8 },
    files: { insideMax: 32, waitingMax: 8_192, readingMax: 1_024, perCallerMax: 16 },
  },
  perSecond: 50,
  burst: 500,
  takingMs: 30_000,
};

/** Answered however busy the centre is: they tell that it lives. */
const ALWAYS_HEARD = new Set(['/v1/health', '/v1/metrics']);
/** Waits on purpose, hence in no lane. */
const WAITING = '/v1/wake';
/** Whatever is not named here is a till's work. */
const LANES: readonly [pattern: RegExp, lane: LaneName][] = [
  [
    /^\/v1\/(members|holds|inbox|held|audit|erasures|enrol|enrol-codes|tills|integration-keys|messages)\b/,
    'counter',
  ],
  [/^\/v1\/(exports|log|stores)\b/, 'counter'],
  [/^\/(setup|integrations|u\/:token)?$/, 'counter'],
  [/^\/v1\/(feed|digests|events|webhooks)\b/, 'files'],
];

/** By the route and not by what was typed: one address can be written in several ways. */
function laneOf(url: string | undefined): LaneName {
  const named = LANES.find(([pattern]) => url !== undefined && pattern.test(url));
  return named?.[1] ?? 'till';
}

const BEARER = /^Bearer (cfk_)?[0-9a-f]{64}$/;

/** A till by its secret, anybody else by address: what is no secret could be another text each time. */
const callerOf = ({ headers: { authorization }, ip }: FastifyRequest): string =>
  authorization !== undefined && BEARER.test(authorization) ? authorization : ip;

const tooOften = (retryAfterS: number): BusyRefusal =>
  new BusyRefusal(
    { status: 429, retryAfterS },
    'This till asks too often. Nothing was changed. It tries again by itself.',
  );

/**
 * Nobody gets more than a share, nothing piles up, and what tills do by themselves never keeps a person waiting: who
 * is too many hears so at once.
 */
export function addLoadLimits(app: FastifyInstance, centre: Centre, limits: LoadLimits): void {
  const bucket = createTokenBucket(limits);
  const lanes: Readonly<Record<LaneName, Lane>> = {
    counter: createLane(limits.lanes.counter),
    till: createLane(limits.lanes.till),
    files: createLane(limits.lanes.files),
  };
  const laneFor = ({ routeOptions }: FastifyRequest): Lane => lanes[laneOf(routeOptions.url)];
  app.addHook('onRequest', async (request) => {
    const { url } = request.routeOptions;
    if (url !== undefined && ALWAYS_HEARD.has(url)) return;
    const caller = callerOf(request);
    const waitS = bucket.take(caller, centre.clock.nowMs());
    if (waitS > 0) throw tooOften(waitS);
    if (url !== WAITING) laneFor(request).announce(request, caller);
  });
  // Not before all of it is here: a place is for what can be answered, not for what trickles in.
  app.addHook('preValidation', async (request) => laneFor(request).enter(request));
  app.addHook('onSend', async (request) => {
    laneFor(request).answer(request);
    // Of progress and not of the whole: a slow line may take minutes for a file. In tests there is no socket.
    const { socket } = request.raw;
    if (socket instanceof Socket) socket.setTimeout(limits.takingMs);
  });
  const leave = (request: FastifyRequest): void => laneFor(request).leave(request);
  app.addHook('onResponse', async (request) => leave(request));
  app.addHook('onRequestAbort', async (request) => leave(request));
  // Neither of these comes where a connection ends in the middle of an answer.
  app.addHook('onRequest', async (request, { raw }) => void raw.once('close', () => leave(request)));
}
