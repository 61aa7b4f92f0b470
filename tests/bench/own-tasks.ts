const TICK_MS = 5;
const US_PER_MS = 1_000;

/**
 * How long this thread worked in one go, by the processor: on a busy machine the clock alone can not tell a long task
 * from a long wait. Several tasks between two ticks count as one.
 *
 * @returns ends it, and says how many milliseconds the longest took
 */
export function watchOwnTasks(): () => number {
  let longestMs = 0;
  let before = process.threadCpuUsage();
  const look = (): void => {
    const now = process.threadCpuUsage();
    longestMs = Math.max(longestMs, (now.user + now.system - before.user - before.system) / US_PER_MS);
    before = now;
  };
  const ticking = setInterval(look, TICK_MS);
  return () => {
    clearInterval(ticking);
    look();
    return longestMs;
  };
}
