/** No more often than this. */
const EVERY_MS = 1_000;

/** Says something at once, and what comes soon after it together. */
export function createTeller(say: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  const tell = (): void => {
    if (timer !== undefined) {
      isDue = true;
      return;
    }
    isDue = false;
    say();
    timer = setTimeout(() => {
      timer = undefined;
      if (isDue) tell();
    }, EVERY_MS);
    timer.unref();
  };
  return {
    tell,
    close: (): void => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
