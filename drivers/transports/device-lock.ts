import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { DeviceError } from '../types.ts';

/** A name of the system that one process at a time can listen at, and that goes with the process, however it ends. */
function endpointOf(path: string): string | null {
  let real = path;
  try {
    real = realpathSync(path);
  } catch {
    // Windows has no files for devices; elsewhere it is just gone, and opening it will say so.
  }
  const name = `counterfoil-device-${createHash('sha256').update(real).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : null;
}

/**
 * Takes a device for this program, or says `busy`. Several readers of one hidraw node would each get every report, so a
 * second till would scan everything twice. Nothing is left behind by a crash. On macOS nothing is taken: there the
 * system opens a device for one program only.
 *
 * @returns Lets the device go.
 * @throws DeviceError `busy`.
 */
export async function holdDevice(path: string): Promise<() => Promise<void>> {
  const endpoint = endpointOf(path);
  if (endpoint === null) return async () => undefined;
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    // Stays for good: a connection that can not be accepted is an `error` too, which without a listener ends a process.
    server.on('error', (cause) =>
      reject(new DeviceError('busy', 'Another program is using this port', { cause })),
    );
    server.listen(endpoint, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => void server.close(() => resolve()));
}
