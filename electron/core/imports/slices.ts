/** No longer does an import keep anybody waiting at a time. */
export const SLICE_MS = 10;
/** The same where each slice ends with three waits for the disk. */
export const SAVING_SLICE_MS = 25;

/**
 * For work that is cut into small pieces: `rest` gives everybody else their turn once a slice is over. `isOver` tells
 * whether it is.
 */
export function createSlices(sliceMs = SLICE_MS) {
  let startedMs = performance.now();
  const isOver = (): boolean => performance.now() - startedMs >= sliceMs;
  const pause = async (): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    startedMs = performance.now();
  };
  return {
    isOver,
    pause,
    rest: async (): Promise<void> => {
      if (isOver()) await pause();
    },
  };
}
export type Slices = ReturnType<typeof createSlices>;
