import type { RunParts } from './run-job.ts';

/** Card numbers that a run takes from the till's own stock. */
export interface CardSupply {
  /** The centre has no more to give for now: rows that need a number wait. */
  isDry(): boolean;
  /** The number behind `skip` others that are free; undefined when there is none. */
  next(skip: number): string | undefined;
  /** Asks the centre for more; `isDry` when that brought none. */
  refill(): Promise<void>;
  /** The line may be back: it is asked once more. */
  hope(): void;
}

/** An exchange that was under way already said of a stock that was not low then, and brings nothing. */
const TRIES = 2;

export function createCardSupply({ ctx, assertWanted }: Pick<RunParts, 'ctx' | 'assertWanted'>): CardSupply {
  const { stock } = ctx.till;
  let isDry = false;
  const askForMore = async (): Promise<boolean> => {
    const before = stock.countFree();
    for (let tries = 0; tries < TRIES; tries += 1) {
      try {
        await ctx.sync.run();
      } catch {
        // No line: rows without a number wait, and the run can be started again.
        return false;
      }
      assertWanted();
      if (stock.countFree() > before) return true;
    }
    return false;
  };
  return {
    isDry: () => isDry,
    next: (skip) => stock.nextFree(skip),
    refill: async () => {
      isDry = !(await askForMore());
    },
    hope: () => {
      isDry = false;
    },
  };
}
