import type { Transport, Unsubscribe } from '../../../drivers/types.ts';

/** A node appears some moments before everything about it can be read. */
const SETTLE_MS = 100;
const TICK_MS = 1000;
/** Looks of a device that is missed, in seconds since it is: soon at first, then more and more rarely. */
const SOON_S = 10;
const LATER_S = 5;
/** From here on a look in so many seconds; where the system tells of plugs, that is only for what it did not tell. */
const LONG_S = 60;
const RARELY_S = 30;
/** Where the system tells of nothing, also while nothing is missed. */
const IDLE_S = 5;

interface WatchParts {
  readonly transports: readonly Transport[];
  /** Some device is not there. */
  readonly isMissing: () => boolean;
  readonly look: () => Promise<unknown>;
  /** Something may have come: slots that wait try now. */
  readonly hint: () => void;
  /** The system tells when something is plugged in. */
  readonly isTold?: boolean;
}

/** A look goes over the whole bus, which slows it: a till without its scanner for a day must not do so each second. */
const isDue = (missedS: number, isTold: boolean): boolean => {
  if (missedS <= SOON_S) return true;
  return missedS % (isTold && missedS > LONG_S ? RARELY_S : LATER_S) === 0;
};

/** Looks when the system tells of a plug; by itself while something is missing, ever more rarely, and else rarely. */
export function watchPlugs(parts: WatchParts): Unsubscribe {
  const { transports, isMissing, look, hint, isTold = process.platform === 'linux' } = parts;
  let settling: NodeJS.Timeout | undefined;
  let missedS = 0;
  let tickCount = 0;
  const onPlug = (): void => {
    // What has just come may need some looks until all of it can be read.
    missedS = 0;
    hint();
    settling ??= setTimeout(() => {
      settling = undefined;
      void look();
    }, SETTLE_MS);
  };
  const stops = transports.map((transport) => transport.watch(null, onPlug));
  const tick = setInterval(() => {
    tickCount += 1;
    missedS = isMissing() ? missedS + 1 : 0;
    const isIdleDue = !isTold && tickCount % IDLE_S === 0;
    if (missedS === 0 ? isIdleDue : isDue(missedS, isTold)) void look();
  }, TICK_MS);
  return () => {
    clearTimeout(settling);
    clearInterval(tick);
    for (const stop of stops) stop();
  };
}
