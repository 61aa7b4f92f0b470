/** One line for each thing that the set-up does, with its time. Goes to stderr: stdout belongs to the command. */

/** @type {(line: string) => void} */
export const say = (line) => void process.stderr.write(`${line}\n`);

/**
 * Does `act` and says what it was and how long it took, or that it failed.
 *
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} act
 * @returns {Promise<T>}
 */
export async function step(name, act) {
  const startMs = performance.now();
  const seconds = () => `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
  try {
    const result = await act();
    say(`set-up: ${name} (${seconds()})`);
    return result;
  } catch (cause) {
    say(`set-up: ${name} FAILED (${seconds()})`);
    throw cause;
  }
}
