import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** From the caller to the server, and back. */
export type Direction = 'up' | 'down';
/** `drop`: as a filter does, without a word to either side; `cut`: the connection breaks. */
export type Fate = 'pass' | 'drop' | 'cut';

export interface Relay {
  url: string;
  /** Bytes that passed so far. */
  passed: Record<Direction, number>;
  stop(): Promise<void>;
}

const TICK_MS = 5;

/** A line between a till and a centre: of bytes and not requests, so that it can fail anywhere and in one direction. */
export async function startRelay(options: {
  /** Where the centre is: asked for each connection. */
  upstream: () => string;
  /** Asked for each piece that comes; default: all pass. */
  fate?: (direction: Direction) => Fate;
  /** Of each direction of each connection; default: as fast as it goes. */
  bytesPerSecond?: number;
}): Promise<Relay> {
  const { upstream, fate = () => 'pass', bytesPerSecond = Infinity } = options;
  const passed = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  const pieceBytes = Math.max(1, Math.floor((bytesPerSecond * TICK_MS) / 1_000));

  const carryChunk = async (direction: Direction, chunk: Buffer, to: Socket): Promise<boolean> => {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes);
      if (pieceBytes < Infinity) await pause(TICK_MS);
      const what = fate(direction);
      if (what === 'cut') return false;
      if (what === 'drop') continue;
      passed[direction] += piece.length;
      to.write(piece);
    }
    return true;
  };
  const carry = async (direction: Direction, from: Socket, to: Socket): Promise<void> => {
    for await (const chunk of from as AsyncIterable<Buffer>)
      if (!(await carryChunk(direction, chunk, to))) break;
  };
  const server = createServer((near) => {
    const { hostname, port } = new URL(upstream());
    const far = connect({ host: hostname, port: Number(port) });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => void sockets.delete(socket));
    }
    const end = (): void => [near, far].forEach((socket) => socket.destroy());
    carry('up', near, far).then(end, end);
    carry('down', far, near).then(end, end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
