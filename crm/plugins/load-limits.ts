import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Centre } from '../centre.ts';
import { BusyRefusal } from '../refusal.ts';
import { createTokenBucket } from '../token-bucket.ts';

export interface LoadLimits {
  /** Requests being answered at once; files and long polls are not counted. */
  inFlightMax: number;
  perSecond: number;
  burst: number;
}

/** A till asks every five seconds and once per sale; a day's backlog is a few dozen requests. */
export const LOAD_LIMITS: LoadLimits = { inFlightMax: 256, perSecond: 50, burst: 500 };

/** Answered however busy the centre is: they tell that it lives. */
const isAlwaysHeard = (url: string): boolean => /^\/v1\/(health|metrics)\b/.test(url);
/** Files cost nothing, and long polls wait on purpose. */
const isUncounted = (url: string): boolean => /^\/v1\/(feed\/|wake\b)/.test(url);

const BEARER = /^Bearer [0-9a-f]{64}$/;

/** A till by its secret, anybody else by address: what is no secret could be another text each time. */
const callerOf = ({ headers: { authorization }, ip }: FastifyRequest): string =>
  authorization !== undefined && BEARER.test(authorization) ? authorization : ip;

const tooOften = (retryAfterS: number): BusyRefusal =>
  new BusyRefusal(
    { status: 429, retryAfterS },
    'This till asks too often. Nothing was changed. It tries again by itself.',
  );

const tooMuch = (): BusyRefusal =>
  new BusyRefusal(
    // Spread, so that those who are sent away do not come back together.
    { status: 503, retryAfterS: 1 + Math.floor(Math.random() * 5) },
    'The centre has much to do. Nothing was changed. The till tries again by itself.',
  );

/** Nobody gets more than a share, and nothing piles up: who is too many hears so at once. */
export function addLoadLimits(app: FastifyInstance, centre: Centre, limits: LoadLimits): void {
  const bucket = createTokenBucket(limits);
  const counted = new WeakSet<FastifyRequest>();
  let inFlight = 0;
  app.addHook('onRequest', async (request) => {
    if (isAlwaysHeard(request.url)) return;
    const waitS = bucket.take(callerOf(request), centre.clock.nowMs());
    if (waitS > 0) throw tooOften(waitS);
    if (isUncounted(request.url)) return;
    if (inFlight >= limits.inFlightMax) throw tooMuch();
    inFlight += 1;
    counted.add(request);
  });
  const leave = (request: FastifyRequest): void => {
    if (counted.delete(request)) inFlight -= 1;
  };
  app.addHook('onResponse', async (request) => leave(request));
  app.addHook('onRequestAbort', async (request) => leave(request));
}
