import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';
const ANSWER_MS_MAX = 2_000;

/** @type {(pid: number) => boolean} */
function isProcess(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'; // Somebody else's, but there.
  }
}

/** @type {(port: number) => Promise<string>} What whoever listens there says first; '' when nobody does. */
function ask(port) {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    let heard = '';
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      heard += text;
      if (heard.length > 100) socket.destroy();
    });
    socket.once('error', () => socket.destroy());
    socket.once('close', () => resolve(heard));
  });
}

/**
 * A process number may be another program's after a power cut, and a port may be too: only the one that wrote `file`
 * answers with the word in it. Needs nothing of one system alone.
 *
 * @param {string} file
 */
export async function isRunning(file) {
  if (!existsSync(file)) return false;
  const [pid, port, word] = readFileSync(file, 'utf8').trim().split(' ');
  if (!Number(pid) || !Number(port) || !word || !isProcess(Number(pid))) return false;
  return (await ask(Number(port))) === word;
}

/**
 * Says in `file`, and on a port, that the shop runs here.
 *
 * @param {string} file
 * @returns {Promise<{ end: () => Promise<void> } | undefined>} undefined when another command runs it
 */
export async function takeRun(file) {
  if (await isRunning(file)) return undefined;
  rmSync(file, { force: true });
  const word = randomUUID();
  const server = createServer((socket) => socket.on('error', () => undefined).end(word));
  await new Promise((/** @type {(value?: undefined) => void} */ resolve, reject) => {
    server.once('error', reject).listen(0, HOST, () => resolve());
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    // Of two that start at the same moment the second one fails here.
    writeFileSync(file, `${process.pid} ${port} ${word}\n`, { flag: 'wx' });
  } catch {
    server.close();
    return undefined;
  }
  return {
    end: async () => {
      rmSync(file, { force: true });
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
