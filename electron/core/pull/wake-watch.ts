import { setTimeout as sleep } from 'node:timers/promises';
import type { Enrolment } from '../till-settings.ts';
import type { Puller } from './puller.ts';

const PAUSE_MS = 5_000;

export interface WakeParts {
  puller: Pick<Puller, 'wake'>;
  enrolment: () => Enrolment | null;
  cursor: () => number;
  /** False while the centre is away: then the back-off of the sync loop decides. */
  isCalm: () => boolean;
  /** Fetches what is new. */
  run: () => Promise<unknown>;
  /** True for a refusal after which nothing more may be asked: a run notes it, and shows it at once. */
  isStop: (cause: unknown) => boolean;
  hangUp: AbortSignal;
  /** Between questions that came to nothing. */
  pauseMs?: number;
}

/**
 * Keeps one question open at the centre, so that what another till does is seen here within a second. It only
 * ever leads to a run that would have come anyway; whatever goes wrong with it is left to that.
 */
export async function watchForNews(parts: WakeParts): Promise<void> {
  const { puller, enrolment, cursor, isCalm, run, isStop, hangUp, pauseMs = PAUSE_MS } = parts;
  const askOnce = async (): Promise<boolean> => {
    const till = enrolment();
    if (till === null || !isCalm()) return false;
    const before = cursor();
    const { headSeq } = await puller
      .wake({ enrolment: till, hangUp }, before)
      .catch(async (cause: unknown) => {
        if (isStop(cause)) await run();
        throw cause;
      });
    if (headSeq <= before) return true;
    await run();
    return cursor() > before;
  };
  while (!hangUp.aborted) {
    const isGood = await askOnce().catch(() => false);
    if (!isGood) await sleep(pauseMs, undefined, { signal: hangUp, ref: false }).catch(() => undefined);
  }
}
