import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const END_MS_MAX = 6_000; // The till gives its core 3 s; more than that and it hangs.

/**
 * How a program ended: `words` say it (`ended with exit code 1`), `isGood` that it ended by itself without a fault.
 *
 * @typedef {{ isGood: boolean, words: string }} Ending
 */

/**
 * A program that a command started and will end.
 *
 * @typedef {object} Child
 * @property {(start: string) => Promise<string>} line resolves with the rest of the first line of its stdout that
 *   begins with `start`, which may have come already; rejects when the program ends without it
 * @property {Promise<Ending>} ended resolves when it is gone
 * @property {() => Promise<void>} end asks it to end, kills it after `END_MS_MAX`
 */

/**
 * `toWords` says what is shown of a line of the program's stderr, if anything.
 *
 * @typedef {{ name: string, env?: NodeJS.ProcessEnv, toWords?: (line: string) => string | undefined }} ChildOptions
 */

/** @type {(command: string, args: string[], options: ChildOptions) => Child} */
export function startChild(
  command,
  args,
  { name, env = process.env, toWords = (/** @type {string} */ line) => line },
) {
  // A group of its own: Ctrl-C must reach only us, or Electron's helpers die before it can close the files.
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    windowsHide: true,
  });
  /** @type {string[]} */
  const heard = [];
  /** @type {Set<() => void>} */
  const listeners = new Set();
  let problem = '';
  let isGone = false;
  const ended = new Promise((/** @type {(ending: Ending) => void} */ resolve) => {
    /** @type {(words: string, isGood?: boolean) => void} */
    const leave = (words, isGood = false) => {
      problem ||= words;
      isGone = true;
      resolve({ isGood, words: problem });
      for (const listener of listeners) listener();
    };
    child.once('error', (cause) => leave(cause.message));
    child.once('close', (code, signal) => leave(`ended with ${signal ?? `exit code ${code}`}`, code === 0));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    heard.push(line);
    for (const listener of listeners) listener();
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    const words = toWords(line);
    if (words) process.stderr.write(`${name}: ${words}\n`);
  });
  return {
    ended,
    line: (start) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = heard.find((candidate) => candidate.startsWith(start));
          if (line === undefined && !isGone) return;
          listeners.delete(look);
          if (line !== undefined) resolve(line.slice(start.length).trim());
          else reject(new Error(`${name}: ${problem}${heard.length > 0 ? `; ${heard.at(-1)}` : ''}`));
        };
        listeners.add(look);
        look();
      }),
    end: async () => {
      if (isGone) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS_MAX);
      await ended;
      clearTimeout(timer);
    },
  };
}
