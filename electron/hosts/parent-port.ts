import type { Port } from '../contract/port.ts';
import { createInbox } from './inbox.ts';

/**
 * Electron's end of a utility process, as far as we use it; its types belong to `electron`, which only main
 * knows.
 */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

export type ParentPort = Port & Required<Pick<Port, 'onClose'>>;

/**
 * The way to the process that forked this one: utility process or forked Node, found out here and nowhere
 * else.
 *
 * @returns undefined when nobody forked it.
 */
export function openParentPort(): ParentPort | undefined {
  const { parentPort } = process as NodeJS.Process & { parentPort?: UtilityPort };
  if (parentPort) {
    return createParentPort({
      send: (message) => parentPort.postMessage(message),
      listen: (deliver) => void parentPort.on('message', (event) => deliver(event.data)),
    });
  }
  if (!process.send) return undefined;
  return createParentPort({
    // The callback takes the error of a channel that is just closing; `disconnect` tells the rest.
    send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
    listen: (deliver) => void process.on('message', deliver),
  });
}

interface Wire {
  send: (message: unknown) => void;
  listen: (deliver: (message: unknown) => void) => void;
}

function createParentPort({ send, listen }: Wire): ParentPort {
  const inbox = createInbox();
  let isClosed = false;
  listen(inbox.deliver);
  return {
    post: (message) => {
      if (!isClosed) send(message);
    },
    onMessage: inbox.onMessage,
    // A utility process is ended by Electron itself; only a forked Node outlives its parent.
    onClose: (listener) => {
      process.once('disconnect', listener);
      return () => process.off('disconnect', listener);
    },
    close: () => {
      isClosed = true;
    },
  };
}
