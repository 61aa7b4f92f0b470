/** A till sends requests ahead of answers, over lines of their own: one may overtake another by so much. */
const ARRIVAL_MAX_MS = 200;
/** Tills whose last run is remembered. */
const LANES_MAX = 20_000;

/** Ops of one till that are on their way through this process: those after `base`, up to `last`. */
export interface PushRun {
  tillId: string;
  incarnation: number;
  base: number;
  last: number;
  /** What the centre had of the till when the request came, or earlier. */
  hiTseq: number;
}

export interface PushPlace {
  /**
   * Resolves when the run before this one has been handed to the writer, which keeps the order; also when it failed, or
   * does not come: then the rules say what is missing.
   */
  turn(): Promise<void>;
  /** This run has been handed to the writer. */
  handed(): void;
  /** Nothing of it was taken: those after it may come again behind another. */
  failed(): void;
  /** Its request ends, well or not. */
  leave(): void;
}

export interface PushOrder {
  enter(run: PushRun): PushPlace;
}

interface Lane {
  incarnation: number;
  /** Runs that the writer does not have yet. */
  open: Set<PushRun>;
  /** The end of the last run that it has. */
  handedTo: number;
  wake: Set<() => void>;
}

/** The till's lane, which becomes the youngest; the oldest that nobody is in makes room. */
function laneFor(lanes: Map<string, Lane>, { tillId, incarnation }: PushRun): Lane {
  const known = lanes.get(tillId);
  const isKnown = known?.incarnation === incarnation;
  const lane = isKnown
    ? known
    : { incarnation, open: new Set<PushRun>(), handedTo: 0, wake: new Set<() => void>() };
  lanes.delete(tillId);
  if (lanes.size >= LANES_MAX) {
    for (const [other, { open }] of lanes) {
      if (open.size > 0) continue;
      lanes.delete(other);
      break;
    }
  }
  lanes.set(tillId, lane);
  return lane;
}

function wakeAll({ wake }: Lane): void {
  const woken = [...wake];
  wake.clear();
  for (const go of woken) go();
}

/**
 * Keeps runs of one till in their order from the request to the writer, so that what was sent ahead is not refused as a
 * gap. Nothing depends on it but speed: the rules look at every run again.
 */
export function createPushOrder(sleep: (ms: number) => Promise<void>): PushOrder {
  const lanes = new Map<string, Lane>();

  const waitForTurn = async (lane: Lane, run: PushRun): Promise<void> => {
    const isTurn = (): boolean => run.base <= Math.max(run.hiTseq, lane.handedTo);
    const isBeforeHere = (): boolean => [...lane.open].some((other) => other.last === run.base);
    if (isTurn()) return;
    let isLate = false;
    void sleep(ARRIVAL_MAX_MS).then(() => {
      isLate = true;
      wakeAll(lane);
    });
    while (!isTurn() && (isBeforeHere() || !isLate)) {
      await new Promise<void>((resolve) => lane.wake.add(resolve));
    }
  };

  return {
    enter: (run) => {
      const lane = laneFor(lanes, run);
      lane.open.add(run);
      wakeAll(lane);
      const close = (): void => {
        if (lane.open.delete(run)) wakeAll(lane);
      };
      return {
        turn: () => waitForTurn(lane, run),
        handed: () => {
          lane.handedTo = Math.max(lane.handedTo, run.last);
          close();
        },
        failed: () => {
          lane.handedTo = Math.min(lane.handedTo, run.base);
        },
        leave: close,
      };
    },
  };
}
