import type { Unsubscribe } from '../contract/port.ts';

/** The receiving half of a port: messages that arrive before the first listener wait for it. */
interface Inbox {
  deliver: (message: unknown) => void;
  onMessage: (listener: (message: unknown) => void) => Unsubscribe;
}

export function createInbox(): Inbox {
  const listeners = new Set<(message: unknown) => void>();
  const waiting: unknown[] = [];
  return {
    deliver: (message) => {
      if (listeners.size === 0) waiting.push(message);
      for (const listener of listeners) listener(message);
    },
    onMessage: (listener) => {
      listeners.add(listener);
      for (const message of waiting.splice(0)) listener(message);
      return () => listeners.delete(listener);
    },
  };
}
