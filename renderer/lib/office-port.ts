import {
  OFFICE_BEAT_MS,
  OFFICE_LINE_PATH,
  OFFICE_MOVED,
  ToDesk,
  type FromDesk,
} from '../../electron/contract/office.ts';
import { Reply, Request } from '../../electron/contract/port.ts';
import type { PagePort } from './core-client.ts';

/** As much of a WebSocket as a line needs. */
export interface LineSocket {
  addEventListener(name: 'open', listener: () => void): void;
  addEventListener(name: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(name: 'close', listener: (event: { readonly code: number }) => void): void;
  send(text: string): void;
  close(): void;
}

export interface OfficePortParts {
  /** Opens a line; it says what becomes of it through its events, later. */
  openSocket(): LineSocket;
  /** Where the token of this tab lives over a reload. */
  readonly store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** @returns A way to call it off. */
  schedule(act: () => void, delayMs: number): () => void;
  /** From 0 up to 1. */
  random(): number;
  /** Calls back at each touch of a key or the mouse, and when the machine has a network again. */
  onUse(listener: () => void): void;
  onNetwork(listener: () => void): void;
}

const TOKEN = 'counterfoil-desk';
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const SILENT_MS_MAX = OFFICE_BEAT_MS * 2.5;
/** The office wants to know that somebody works here, not each key. */
const USED_EVERY_MS = 20_000;

/**
 * A page's end of the port over a WebSocket that comes back by itself. The page hears of a line that is away as of a
 * core that restarts: it waits, and sends again what has no answer. Where the office knows this page no longer, what
 * had no answer fails with `core_restarted`: it may have been done.
 */
export function createOfficePort(parts: OfficePortParts): PagePort {
  const page = createPageEnd();
  let socket: LineSocket | null = null;
  /** The office has answered `hello`; before, nothing else is sent. */
  let isGreeted = false;
  let tries = 0;
  let stopWaiting = (): void => undefined;
  let stopSilence = (): void => undefined;

  const say = (word: FromDesk): void => socket?.send(JSON.stringify(word));
  const expectBeat = (line: LineSocket): void => {
    stopSilence();
    stopSilence = parts.schedule(() => lose(line, 0), SILENT_MS_MAX);
  };
  const greet = ({ token, isSame }: Extract<ToDesk, { t: 'desk' }>): void => {
    parts.store.setItem(TOKEN, token);
    isGreeted = true;
    tries = 0;
    say({ t: 'kept' });
    if (!isSame) page.failOpen();
  };
  const hear = (line: LineSocket, data: unknown): void => {
    if (line !== socket || typeof data !== 'string') return;
    expectBeat(line);
    const message: unknown = JSON.parse(data);
    const word = ToDesk.safeParse(message).data;
    if (word?.t === 'desk') greet(word);
    if (word === undefined) page.deliver(message);
  };
  const lose = (line: LineSocket, code: number): void => {
    if (line !== socket) return;
    stopSilence();
    socket = null;
    isGreeted = false;
    line.close();
    if (code === OFFICE_MOVED) {
      parts.store.removeItem(TOKEN);
      return page.deliver({ t: 'refused', code: 'page_moved', message: '' });
    }
    if (tries === 0) page.deliver({ t: 'core', state: 'restarting', message: '' });
    const longestMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    tries += 1;
    // At a point of its own within the time: many pages must not all come back in the same moment.
    stopWaiting = parts.schedule(connect, longestMs * (0.5 + parts.random() / 2));
  };
  const connect = (): void => {
    stopWaiting();
    if (socket !== null) return;
    const line = parts.openSocket();
    socket = line;
    expectBeat(line);
    line.addEventListener('open', () => say({ t: 'hello', token: parts.store.getItem(TOKEN) }));
    line.addEventListener('message', ({ data }) => hear(line, data));
    line.addEventListener('close', ({ code }) => lose(line, code));
  };

  parts.onNetwork(() => {
    if (socket === null && tries > 0) connect();
  });
  const isTimeToTell = createPause(parts.schedule);
  parts.onUse(() => {
    if (isGreeted && isTimeToTell()) say({ t: 'used' });
  });
  connect();
  return page.port((message) => {
    if (isGreeted) socket?.send(JSON.stringify(message));
  });
}

/** What the page hears, and which of its requests have no answer. */
function createPageEnd() {
  const listeners = new Set<(message: unknown) => void>();
  const heard: unknown[] = [];
  const open = new Set<string>();
  const deliver = (message: unknown): void => {
    const reply = Reply.safeParse(message).data;
    if (reply !== undefined) open.delete(reply.id);
    if (listeners.size === 0) heard.push(message);
    for (const listener of listeners) listener(message);
  };
  return {
    deliver,
    failOpen: (): void => {
      const error = { code: 'core_restarted', message: '' };
      for (const id of [...open]) deliver({ t: 'reply', id, ok: false, error });
    },
    port: (send: (message: unknown) => void): PagePort => ({
      post: (message) => {
        const request = Request.safeParse(message).data;
        if (request !== undefined) open.add(request.id);
        send(message);
      },
      onMessage: (listener) => {
        listeners.add(listener);
        for (const message of heard.splice(0)) listener(message);
        return () => listeners.delete(listener);
      },
    }),
  };
}

/** True once in each `USED_EVERY_MS`. */
function createPause(schedule: OfficePortParts['schedule']): () => boolean {
  let isOver = true;
  return () => {
    if (!isOver) return false;
    isOver = false;
    schedule(() => (isOver = true), USED_EVERY_MS);
    return true;
  };
}

/** The line of a page in a browser, to the office that served it. */
export const openOfficePort = (): PagePort =>
  createOfficePort({
    openSocket: () => {
      const url = new URL(OFFICE_LINE_PATH, location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      return new WebSocket(url);
    },
    store: sessionStorage,
    schedule: (act, delayMs) => {
      const timer = setTimeout(act, delayMs);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    onUse: (listener) => {
      for (const name of ['keydown', 'pointerdown']) addEventListener(name, listener, { capture: true });
    },
    onNetwork: (listener) => addEventListener('online', listener),
  });
