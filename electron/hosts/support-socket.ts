import { closeSync, openSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../contract/errors.ts';
import type { MethodName } from '../contract/index.ts';
import { EventMessage, MESSAGE_CHARS_MAX, type Port, Request } from '../contract/port.ts';
import { supportSocketPath } from './paths.ts';
import { createSocketPort } from './socket-port.ts';

const CONNECTIONS_MAX = 8;
const REPLY_BYTES_MAX = 16 * 1024 * 1024;
/** A socket's path has room for 108 bytes on Linux and 104 on macOS, one of them for its end. */
const SOCKET_PATH_BYTES_MAX = 103;

/**
 * What support may ask of a till that people are working at: to look, and to sync. Nothing that acts for
 * them.
 */
const SERVED: ReadonlySet<string> = new Set<MethodName>([
  'core.ping',
  'till.get',
  'till.verify',
  'till.diagnose',
  'members.lookup',
  'members.get',
  'members.findDuplicates',
  'sync.getStatus',
  'sync.run',
  'scanner.get',
  'devices.list',
  'devices.diagnosis',
  'day.getFigures',
]);

const inUse = (cause?: unknown): AppError =>
  new AppError(
    'in_use',
    'This till is open in another program. Nothing was changed. Do it there, or close it and try again.',
    { cause },
  );

export interface SupportSocket {
  close(): Promise<void>;
}

/**
 * Serves the core of `dataDir` to other programs of the same account. Only the holder of the folder's lock
 * may call it: a socket file that lies there is then a dead core's and goes.
 *
 * @param serve Called with a port for each connection.
 */
export async function serveSupportSocket(
  dataDir: string,
  serve: (port: Port) => void,
): Promise<SupportSocket> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(createReadingPort(createSocketPort(socket, MESSAGE_CHARS_MAX)));
  });
  server.maxConnections = CONNECTIONS_MAX;
  const path = supportSocketPath(dataDir);
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const place = shorten(path, dataDir);
  await listen(server, place.path);
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => void server.close(() => done()));
      place.release();
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The file is made within this call, so nobody but its owner can ever open it.
    const umask = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(umask);
    }
  });
}

/**
 * A port that lets reads through, answers everything else with `in_use`, and keeps the page's events to
 * itself.
 */
function createReadingPort(port: Port): Port {
  return {
    ...port,
    post: (message) => {
      if (!EventMessage.safeParse(message).success) port.post(message);
    },
    onMessage: (listener) =>
      port.onMessage((message) => {
        const request = Request.safeParse(message).data;
        if (request === undefined || SERVED.has(request.method)) return listener(message);
        const { code, message: words } = inUse();
        port.post({ t: 'reply', id: request.id, ok: false, error: { code, message: words } });
      }),
  };
}

/**
 * A port to the core that holds `dataDir`.
 *
 * @throws AppError `in_use` when the holder serves no socket, as a command that is running does not.
 */
export async function connectSupportSocket(dataDir: string): Promise<Port> {
  const place = shorten(supportSocketPath(dataDir), dataDir);
  try {
    const socket = await new Promise<Socket>((resolve, reject) => {
      const attempt = connect(place.path, () => resolve(attempt));
      attempt.once('error', reject);
    });
    return createSocketPort(socket, REPLY_BYTES_MAX);
  } catch (cause) {
    throw inUse(cause);
  } finally {
    place.release();
  }
}

/**
 * The same place under a name that fits into a socket address: Linux reaches a folder through a handle of
 * it.
 */
function shorten(path: string, dataDir: string): { path: string; release: () => void } {
  if (process.platform !== 'linux' || Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) {
    return { path, release: () => undefined };
  }
  const folder = openSync(dataDir, 'r');
  return { path: `/proc/self/fd/${folder}/core.sock`, release: () => closeSync(folder) };
}
