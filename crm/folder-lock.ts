import { mkdir, realpath, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeCrypto } from './node-crypto.ts';

/** A name that the kernel gives to one process at a time and takes back when it dies, however it dies. */
function lockName(folder: string): { path: string; isFile: boolean } {
  const name = `counterfoil-${nodeCrypto.sha256Hex(folder).slice(0, 32)}`;
  if (process.platform === 'linux') return { path: `\0${name}`, isFile: false };
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\${name}`, isFile: false };
  return { path: join(tmpdir(), `${name}.sock`), isFile: true };
}

const listen = (path: string): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen({ path }, () => resolve(server));
  });

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });

/**
 * Keeps every other process of this machine out of `folder` until the returned function is called or this
 * one dies. PGlite has no lock of its own, and two writers lose data without an error.
 *
 * @throws When another process (or this one) holds the folder.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { path, isFile } = lockName(await realpath(folder));
  let server = await listen(path);
  if (server === null && isFile && !(await isAnswered(path))) {
    await unlink(path);
    server = await listen(path);
  }
  if (server === null) {
    throw new Error(
      `Another CRM has the data folder ${folder} open. Nothing was changed. Stop the other one, ` +
        `or give this one its own folder with --data.`,
    );
  }
  const held = server;
  held.unref();
  return () => new Promise((resolve) => held.close(() => resolve()));
}
