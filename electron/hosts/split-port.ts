import { Close, isOversized, type Port } from '../contract/port.ts';
import { createInbox } from './inbox.ts';
import type { ParentPort } from './parent-port.ts';

interface Split {
  page: Port;
  /** The parent asks to finish, or is gone. Nothing reaches the page's port before somebody listens here. */
  onLeave: (listener: () => void) => void;
}

/** Parts what is the host's own (`close`) from the page's calls, and drops what is too large to carry. */
export function splitParentPort(parent: ParentPort, warn: (message: string) => void): Split {
  const inbox = createInbox();
  return {
    page: {
      post: (message) => parent.post(message),
      onMessage: inbox.onMessage,
      close: () => parent.close(),
    },
    onLeave: (listener) => {
      parent.onClose(listener);
      parent.onMessage((message) => {
        if (Close.safeParse(message).success) return listener();
        if (isOversized(message)) return warn('dropped a message that is too large');
        inbox.deliver(message);
      });
    },
  };
}
