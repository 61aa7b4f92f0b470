/** Runs one step after another; a step that fails is its caller's to hear of, and stops none that follows. */
export type Steps = <T>(step: () => Promise<T>) => Promise<T>;

export function createSteps(): Steps {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const done = last.then(step);
    last = done.catch(() => undefined);
    return done;
  };
}
