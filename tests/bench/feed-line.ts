import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Listening {
  url: string;
  close: () => Promise<void>;
}

async function listen(server: Server, sockets: Set<Socket>): Promise<Listening> {
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** A line to `url` on which every byte is counted, in both directions, headers too. */
export async function startCountedLine(url: string): Promise<Listening & { bytes: () => number }> {
  const { hostname, port } = new URL(url);
  let count = 0;
  const pass = (from: Socket, to: Socket): void => {
    from.on('data', (chunk: Buffer) => {
      count += chunk.length;
      to.write(chunk);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    pass(near, far);
    pass(far, near);
  });
  return { ...(await listen(server, new Set())), bytes: () => count };
}

/** A server that says back what it was told: the line and nothing else. */
export function startEcho(): Promise<Listening> {
  const server = createHttpServer((asked, answer) => {
    answer.setHeader('content-type', 'application/json');
    asked.pipe(answer);
  });
  return listen(server, new Set());
}
