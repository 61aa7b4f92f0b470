import type { Socket } from 'node:net';
import type { Port } from '../contract/port.ts';
import { createInbox } from './inbox.ts';
import { createLineSplitter } from './line-json.ts';

/** What may wait for a peer that does not read. A peer that lets more pile up is cut off. */
const UNSENT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * A port over a stream socket: one JSON value a line. A peer that sends something else, or too long a line,
 * is cut off.
 */
export function createSocketPort(
  socket: Socket,
  lineBytesMax: number,
): Port & Required<Pick<Port, 'onClose'>> {
  const splitter = createLineSplitter(lineBytesMax);
  const inbox = createInbox();
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const line of splitter.push(chunk)) inbox.deliver(JSON.parse(line));
    } catch {
      socket.destroy();
    }
  });
  // Whatever broke, `close` follows and tells everybody.
  socket.on('error', () => undefined);

  return {
    post: (message) => {
      if (socket.destroyed) return;
      socket.write(`${JSON.stringify(message)}\n`);
      if (socket.writableLength > UNSENT_BYTES_MAX) socket.destroy();
    },
    onMessage: inbox.onMessage,
    onClose: (listener) => {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
    close: () => socket.end(),
  };
}
