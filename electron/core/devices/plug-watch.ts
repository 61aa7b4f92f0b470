import type { Transport, Unsubscribe } from '../../../drivers/types.ts';

/** A node appears some moments before everything about it can be read. */
const SETTLE_MS = 100;
/** How often one looks by itself: while a device is missed, and where the system tells of nothing. */
const POLL_MS = 1000;
const IDLE_POLLS = 5;

interface WatchParts {
  readonly transports: readonly Transport[];
  /** Some device is not there. */
  readonly isMissing: () => boolean;
  readonly look: () => Promise<unknown>;
  /** Something may have come: slots that wait try now. */
  readonly hint: () => void;
}

/** Looks when the system tells of a plug, each second while something is missing, and else rarely. */
export function watchPlugs({ transports, isMissing, look, hint }: WatchParts): Unsubscribe {
  let settling: NodeJS.Timeout | undefined;
  let pollCount = 0;
  const onPlug = (): void => {
    hint();
    settling ??= setTimeout(() => {
      settling = undefined;
      void look();
    }, SETTLE_MS);
  };
  const stops = transports.map((transport) => transport.watch(null, onPlug));
  const poll = setInterval(() => {
    pollCount += 1;
    const isDue = process.platform !== 'linux' && pollCount % IDLE_POLLS === 0;
    if (isMissing() || isDue) void look();
  }, POLL_MS);
  return () => {
    clearTimeout(settling);
    clearInterval(poll);
    for (const stop of stops) stop();
  };
}
