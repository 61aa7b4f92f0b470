const PAUSE_MS = 250;

/** Tells `read()` at once, then at most once in `PAUSE_MS`, and never the same twice in a row. */
export function createPublisher<T>(read: () => T, tell: (value: T) => void) {
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  let isClosed = false;
  let told = '';
  const tellNow = (): void => {
    isDue = false;
    const value = read();
    const text = JSON.stringify(value);
    if (text === told) return;
    told = text;
    tell(value);
    timer = setTimeout(() => {
      timer = undefined;
      if (isDue) tellNow();
    }, PAUSE_MS);
    timer.unref();
  };
  return {
    changed: (): void => {
      if (isClosed) return;
      isDue = true;
      if (timer === undefined) tellNow();
    },
    close: (): void => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
