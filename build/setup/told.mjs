const LOOK_MS = 300;

/**
 * Calls `act` once when this command is told to end: by a signal, or because the npm that runs it is gone. npm passes
 * a signal on to its shell, which dies of it without telling us.
 *
 * @param {(signal: NodeJS.Signals) => void} act
 */
export function onToldToEnd(act) {
  let isTold = false;
  /** @type {(signal: NodeJS.Signals) => void} */
  const tell = (signal) => {
    if (isTold) return;
    isTold = true;
    act(signal);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, tell);
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    tell('SIGTERM');
  }, LOOK_MS);
  timer.unref();
}
