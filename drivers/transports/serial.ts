import { fstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute } from 'node:path';
import { SerialPort } from 'serialport';
import { DeviceError } from '../types.ts';
import type { PortAddress, Session, SessionSink, Transport, Unsubscribe } from '../types.ts';
import { createHangUpBinding } from './hang-up-binding.ts';
import { watchPresence } from './presence.ts';
import { listSerialPorts, PLUGGED_PORT } from './serial-list.ts';
import { watchNames } from './watch-names.ts';

/** Windows names ports, it has no files for them. */
const hasPortFiles = process.platform !== 'win32';

/**
 * Serialport ports by path, given by hand: listing would hide pseudo terminals and start a process on Linux.
 */
export function createSerialTransport(): Transport {
  const binding = createHangUpBinding();
  return {
    async isPresent(path) {
      if (!hasPortFiles) return true;
      return stat(path).then(
        () => true,
        () => false,
      );
    },
    async open(address, sink) {
      // Serialport's type lacks `binding`, its code passes it on; the stream class is no direct dependency.
      const options = { path: address.path, ...address.line, autoOpen: false, binding };
      const port = new SerialPort(options);
      await new Promise<void>((resolve, reject) => {
        port.open((cause) => (cause == null ? resolve() : reject(toOpenError(cause))));
      });
      return startSession(port, address, sink);
    },
    list: listSerialPorts,
    watch(path, hint) {
      if (!hasPortFiles) return () => undefined;
      if (path === null) return watchNames('/dev', (name) => PLUGGED_PORT.test(name), hint);
      if (!isAbsolute(path)) return () => undefined;
      return watchNames(dirname(path), (name) => name === basename(path), hint);
    },
  };
}

/**
 * The binding has no error codes, only words: strerror's on Linux and macOS, its own on Windows, where a port
 * in use is "Access denied".
 */
export function toOpenError(cause: Error): DeviceError {
  const words = cause.message;
  const options = { cause };
  if (/cannot lock|resource busy|device or resource busy|access denied/i.test(words)) {
    return new DeviceError('busy', 'Another program is using this port', options);
  }
  if (/permission denied|operation not permitted/i.test(words)) {
    return new DeviceError('denied', 'The system does not let this program use the port', options);
  }
  if (/no such file|no such device|file not found/i.test(words)) {
    return new DeviceError('absent', 'Nothing is connected at this port', options);
  }
  if (/inappropriate ioctl|is a directory|not a typewriter/i.test(words)) {
    return new DeviceError('not-a-port', 'This path is not a serial port', options);
  }
  return new DeviceError('failed', 'The port did not open', options);
}

function startSession(port: SerialPort, { path }: PortAddress, sink: SessionSink): Session {
  let isReporting = true;
  let hasClosed = false;
  let closing: Promise<void> | undefined;
  const onData = (bytes: Uint8Array): void => sink.onChunk(bytes);

  const stopPresence = watchPort(port, path, () => lose());

  function stop(): void {
    isReporting = false;
    stopPresence();
    port.off('data', onData);
  }

  function lose(cause?: Error | null): void {
    if (!isReporting) return;
    stop();
    sink.onGone(new DeviceError('gone', 'The device was unplugged', { cause }));
  }

  port.on('close', (cause: Error | null) => {
    hasClosed = true;
    lose(cause);
  });
  // Stays for good: an `error` without a listener would end the process.
  port.on('error', lose);
  port.on('data', onData);

  function closePort(): Promise<void> {
    if (hasClosed) return Promise.resolve();
    return new Promise((resolve) => {
      port.once('close', () => resolve());
      port.once('error', () => resolve());
      // Not open here means that it is closing after a hang-up: one of the two events follows.
      if (port.isOpen) port.close((cause) => cause != null && resolve());
    });
  }

  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        const refuse = (cause: Error): void =>
          reject(new DeviceError('gone', 'The device took nothing', { cause }));
        if (!port.isOpen) return refuse(new Error('the port is not open'));
        port.write(Buffer.from(bytes), (cause) => (cause == null ? resolve() : refuse(cause)));
      }),
    close() {
      stop();
      closing ??= closePort();
      return closing;
    },
  };
}

function watchPort(port: SerialPort, path: string, onMissing: () => void): Unsubscribe {
  const handle: object | undefined = port.port;
  if (!hasPortFiles || handle === undefined || !('fd' in handle) || typeof handle.fd !== 'number') {
    return () => undefined;
  }
  return watchPresence(path, fstatSync(handle.fd), onMissing);
}
