export const RESTARTS_MAX = 5;
export const RESTART_WINDOW_MS = 60_000;

/** Says whether one more restart is allowed: at most `RESTARTS_MAX` within any `RESTART_WINDOW_MS`. */
export function createRestartBudget(nowMs: () => number): () => boolean {
  let spentAtMs: number[] = [];
  return () => {
    const now = nowMs();
    spentAtMs = spentAtMs.filter((atMs) => now - atMs < RESTART_WINDOW_MS);
    if (spentAtMs.length >= RESTARTS_MAX) return false;
    spentAtMs.push(now);
    return true;
  };
}
