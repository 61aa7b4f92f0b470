/**
 * What every command does before its own work: packages, then on with the Node 24 of our own lockfile. Plain
 * JavaScript over Node's own modules, since it starts on whatever Node the machine has.
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './packages.mjs';
import { say } from './say.mjs';
import { onToldToEnd } from './told.mjs';

// Not `import.meta.dirname`: a Node that is too old must get as far as being told so.
const HERE = fileURLToPath(new URL('.', import.meta.url));
const NODE_MIN = 20;
const NODE_NAME = process.platform === 'win32' ? 'node.exe' : 'node';

/** The Node 24 of our own lockfile. */
export const NODE_PATH = join(HERE, '../../node_modules/node/bin', NODE_NAME);

/** @type {(cause: unknown) => never} Ends a command that can not go on, in words; only a bug shows where it was. */
export function giveUp(cause) {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  say(error.constructor === Error ? error.message : String(error.stack));
  process.exit(1);
}

/** @type {(script: string) => void} Runs `script` again on our Node and ends as it ends. */
function goOnWithOurNode(script) {
  const child = spawn(NODE_PATH, [script, ...process.argv.slice(2)], { stdio: 'inherit', windowsHide: true });
  // Ctrl-C reaches the child by itself and so twice; it decides when to end.
  onToldToEnd((signal) => child.kill(signal));
  child.once('error', giveUp);
  child.once('exit', (code) => process.exit(code ?? 1));
}

/**
 * Calls `act` on our own Node with all packages there, which may be in another process than the one that asked.
 *
 * @param {string} entryUrl `import.meta.url` of the command
 * @param {() => Promise<void>} act must import what needs packages inside, not before
 */
export async function inHouse(entryUrl, act) {
  try {
    if (Number.parseInt(process.versions.node, 10) < NODE_MIN)
      throw new Error(`Node ${NODE_MIN} or newer, please.`);
    await installPackages();
    if (realpathSync(process.execPath) !== realpathSync(NODE_PATH)) goOnWithOurNode(fileURLToPath(entryUrl));
    else await act();
  } catch (cause) {
    giveUp(cause);
  }
}
