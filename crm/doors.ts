import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where this process listens. */
export interface Doors {
  port: number;
  /** Lets nobody in any more; who is in stays until the app closes. */
  close(): Promise<void>;
}

/** Connections that are not accepted yet, per door; with fewer, some of a crowd would knock again after seconds. */
const BACKLOG = 4_096;
const DOORS = 32;
/** Where the kernel spreads callers over the sockets of one port. */
const HAS_DOORS = process.platform === 'linux';

async function openDoor(door: Server, where: { host: string; port: number; reusePort: boolean }) {
  door.listen({ ...where, backlog: BACKLOG });
  await once(door, 'listening');
}

const shut = (door: Server): Promise<void> => new Promise((done) => void door.close(() => done()));

/** A port that several sockets may share is refused to nobody: whether another program has it is asked first. */
async function assertFree(host: string, port: number): Promise<number> {
  const asking = createServer();
  await openDoor(asking, { host, port, reusePort: false });
  const { port: free } = asking.address() as AddressInfo;
  await shut(asking);
  return free;
}

/**
 * Listens with several sockets on one port. A loop accepts one connection per socket and turn, so a crowd at a single
 * one would make whoever comes last wait for as many turns as there are tills, however idle the process is.
 *
 * @param port 0: any free one.
 * @throws When the port is taken.
 */
export async function openDoors(
  app: FastifyInstance,
  { host, port: wanted }: { host: string; port: number },
): Promise<Doors> {
  if (!HAS_DOORS) {
    await app.listen({ host, port: wanted, backlog: BACKLOG });
    return { port: (app.server.address() as AddressInfo).port, close: async () => undefined };
  }
  const where = { host, port: await assertFree(host, wanted), reusePort: true };
  await app.listen({ ...where, backlog: BACKLOG });
  const letIn = { allowHalfOpen: true, noDelay: true };
  const doors = Array.from({ length: DOORS - 1 }, () =>
    createServer(letIn, (socket) => void app.server.emit('connection', socket)),
  );
  const close = async (): Promise<void> => {
    for (const door of doors) door.close();
  };
  try {
    for (const door of doors) await openDoor(door, where);
  } catch (cause) {
    await close();
    throw cause;
  }
  return { port: where.port, close };
}
