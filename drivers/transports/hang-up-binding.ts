import { read } from 'node:fs';
import { promisify } from 'node:util';
import { SerialPort } from 'serialport';

const readFile = promisify(read);

type SerialBinding = typeof SerialPort.binding;

/** The part of a Linux or macOS port of @serialport/bindings-cpp 13.0.0 that reading needs. */
interface UnixPort {
  fd: number | null;
  readonly isOpen: boolean;
  readonly poller: { once(event: 'readable', done: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}

const isUnixPort = (port: object): port is UnixPort => 'poller' in port && 'fd' in port;

/** Serialport takes `canceled` for "we closed it ourselves", and any other error for an unplug. */
const canceled = (): Error => Object.assign(new Error('Port is not open'), { canceled: true });

const isWaiting = (cause: unknown): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  ['EAGAIN', 'EWOULDBLOCK', 'EINTR'].includes(String(cause.code));

const whenReadable = (port: UnixPort): Promise<void> =>
  new Promise((resolve, reject) => {
    port.poller.once('readable', (error) => (error === null ? resolve() : reject(error)));
  });

/**
 * Reads as the binding does, with one difference: no bytes from a descriptor that does not block mean that
 * the other end has hung up, and that is an error. The binding reads again instead, for ever: a cable pulled
 * while bytes flow gives no `close`, a busy core and growing memory. Upstream: serialport/bindings-cpp issue
 * 162, open. To be removed when a release closes the port in that case; until then serialport is pinned, and
 * the contract suite unplugs with bytes in flight.
 */
export async function readUntilHangUp(
  port: UnixPort,
  buffer: Buffer,
  range: { offset: number; length: number },
): Promise<{ buffer: Buffer; bytesRead: number }> {
  for (;;) {
    if (!port.isOpen || port.fd === null) throw canceled();
    try {
      const { bytesRead } = await readFile(port.fd, buffer, range.offset, range.length, null);
      if (bytesRead === 0) throw new Error('The device hung up');
      return { buffer, bytesRead };
    } catch (cause) {
      if (!isWaiting(cause)) throw cause;
    }
    // Closed meanwhile: its poller is freed memory, and to ask it anything ends the process.
    if (!port.isOpen) throw canceled();
    await whenReadable(port);
  }
}

/** Serialport's binding for this system; on Windows, where reads end differently, exactly that. */
export function createHangUpBinding(): SerialBinding {
  const inner = SerialPort.binding;
  const binding = {
    list: () => inner.list(),
    async open(options: Parameters<SerialBinding['open']>[0]) {
      const port = await inner.open(options);
      if (isUnixPort(port)) {
        port.read = (buffer, offset, length) => readUntilHangUp(port, buffer, { offset, length });
      }
      return port;
    },
  };
  // Cast: the type is a union over systems; TypeScript can not tell that ours stays within one of them.
  return binding as SerialBinding;
}
