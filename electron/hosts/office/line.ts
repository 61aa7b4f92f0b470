import type { WebSocket } from 'ws';
import { OFFICE_BEAT_MS } from '../../contract/office.ts';
import { MESSAGE_CHARS_MAX, type Port } from '../../contract/port.ts';
import { createInbox } from '../inbox.ts';

/** What may wait for a browser that does not read. One that lets more pile up is cut off and comes back. */
const UNSENT_BYTES_MAX = 16 * 1024 * 1024;
/** A message of so many signs, each at its longest. */
export const FRAME_BYTES_MAX = MESSAGE_CHARS_MAX * 3;

const TOO_LARGE = 1009;
const NOT_READABLE = 1003;

/** One browser's line: a port, and how the office speaks of the line itself. */
export interface Line extends Required<Port> {
  /** Ends it with a code of `contract/office.ts`. */
  end(code: number): void;
  /** Reads nothing more until told to go on: who asks faster than answers come waits. */
  hold(isHeld: boolean): void;
}

/**
 * A port over a WebSocket: one JSON value a message. Who sends something else, or too long a message, is cut off.
 * Every `OFFICE_BEAT_MS` both sides hear of each other; who was not heard of since the last time is gone.
 */
export function createLine(socket: WebSocket): Line {
  const inbox = createInbox();
  let isHeard = true;
  socket.on('message', (bytes: Buffer, isBinary) => {
    isHeard = true;
    const text = isBinary ? '' : bytes.toString('utf8');
    if (text.length > MESSAGE_CHARS_MAX) return socket.close(TOO_LARGE);
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return socket.close(NOT_READABLE);
    }
    inbox.deliver(message);
  });
  socket.on('pong', () => (isHeard = true));
  // Whatever broke, `close` follows and tells everybody.
  socket.on('error', () => undefined);
  const post = (message: unknown): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(message));
    if (socket.bufferedAmount > UNSENT_BYTES_MAX) socket.terminate();
  };
  const beat = setInterval(() => {
    if (!isHeard && !socket.isPaused) return socket.terminate();
    isHeard = false;
    socket.ping();
    post({ t: 'beat' });
  }, OFFICE_BEAT_MS);
  beat.unref();
  socket.once('close', () => clearInterval(beat));
  return {
    post,
    onMessage: inbox.onMessage,
    onClose: (listener) => {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
    close: () => socket.close(),
    end: (code) => socket.close(code),
    hold: (isHeld) => (isHeld ? socket.pause() : socket.resume()),
  };
}
