/**
 * What travels between a page and its core, whoever carries it: utility process, forked Node, WebSocket or
 * the same process. Everything here must run anywhere, so no Node and no DOM types.
 */
import { z } from 'zod';

// Every runtime we have offers it; declared here because this folder sees neither DOM nor Node types.
declare const structuredClone: <T>(value: T) => T;

/** Largest message a page may send, counted in characters of its JSON. The core’s host drops what is larger. */
export const MESSAGE_CHARS_MAX = 256 * 1024;
const REQUEST_ID_CHARS_MAX = 64;
const NAME_CHARS_MAX = 64;

export type Unsubscribe = () => void;

/** One end of a two-way channel. Messages arrive in the order sent, as copies, never from inside `post`. */
export interface Port {
  /** Sends a structured-cloneable message. After `close` it does nothing. */
  post(message: unknown): void;
  /** Messages that arrive before the first listener wait for it. */
  onMessage(listener: (message: unknown) => void): Unsubscribe;
  /** Called once when the other end is gone. Ports that outlive their other end leave it out. */
  onClose?(listener: () => void): Unsubscribe;
  close(): void;
}

/** Page to core: one call. `id` is the page's own and comes back in the reply; unique over page loads. */
export const Request = z.strictObject({
  t: z.literal('request'),
  id: z.string().min(1).max(REQUEST_ID_CHARS_MAX),
  method: z.string().min(1).max(NAME_CHARS_MAX),
  input: z.unknown(),
});
export type Request = z.infer<typeof Request>;

export const ReplyError = z.strictObject({
  code: z.string().min(1).max(NAME_CHARS_MAX),
  message: z.string(),
  /** For how long it is of no use to try again; absent: not known. */
  waitSeconds: z.int().min(0).optional(),
});
export type ReplyError = z.infer<typeof ReplyError>;

/** Core to page: the answer to the request with the same `id`, exactly one for each. */
export const Reply = z.discriminatedUnion('ok', [
  z.strictObject({ t: z.literal('reply'), id: z.string(), ok: z.literal(true), data: z.unknown() }),
  z.strictObject({ t: z.literal('reply'), id: z.string(), ok: z.literal(false), error: ReplyError }),
]);
export type Reply = z.infer<typeof Reply>;

/** Core to page: something happened that nobody asked for. */
export const EventMessage = z.strictObject({
  t: z.literal('event'),
  name: z.string().min(1).max(NAME_CHARS_MAX),
  data: z.unknown(),
});
export type EventMessage = z.infer<typeof EventMessage>;

/** Core to its host and page, once per start: the files are open and calls are served. */
export const Ready = z.looseObject({ t: z.literal('ready') });
export type Ready = z.infer<typeof Ready>;

/**
 * Core to its host and page, instead of `ready`: it can not serve this folder and says why. It stays up to
 * answer.
 */
export const Refused = z.strictObject({ t: z.literal('refused'), code: z.string(), message: z.string() });
export type Refused = z.infer<typeof Refused>;

/** Host to page: what became of the core process itself. `failed` means that nobody will try again. */
export const CoreState = z.strictObject({
  t: z.literal('core'),
  state: z.enum(['ready', 'restarting', 'failed']),
  message: z.string(),
});
export type CoreState = z.infer<typeof CoreState>;

/** Host to core: finish what is open, close the files, exit. */
export const Close = z.strictObject({ t: z.literal('close') });
export type Close = z.infer<typeof Close>;

/** All that may come out of a core. */
export const FromCore = z.union([Reply, EventMessage, Ready, Refused]);
export type FromCore = z.infer<typeof FromCore>;

/** All that a page may hear: what its core says and what its host says about the core. */
export const ToPage = z.union([FromCore, CoreState]);
export type ToPage = z.infer<typeof ToPage>;

/** True for a page's message that a host must not carry: too large, or nothing that JSON can say. */
export function isOversized(message: unknown): boolean {
  try {
    return (JSON.stringify(message) ?? '').length > MESSAGE_CHARS_MAX;
  } catch {
    return true;
  }
}

interface PairEnd extends Port {
  onClose(listener: () => void): Unsubscribe;
}

const later = (act: () => void): void => void Promise.resolve().then(act);

function createEnd(send: (message: unknown) => void, hangUp: () => void) {
  const messageListeners = new Set<(message: unknown) => void>();
  const closeListeners = new Set<() => void>();
  const waiting: unknown[] = [];
  let isClosed = false;
  const flush = (): void => {
    while (!isClosed && messageListeners.size > 0 && waiting.length > 0) {
      const message = waiting.shift();
      for (const listener of messageListeners) listener(message);
    }
  };
  const port: PairEnd = {
    post: (message) => {
      if (!isClosed) send(structuredClone(message));
    },
    onMessage: (listener) => {
      messageListeners.add(listener);
      later(flush);
      return () => messageListeners.delete(listener);
    },
    onClose: (listener) => {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      hangUp();
    },
  };
  const deliver = (message: unknown): void => {
    waiting.push(message);
    flush();
  };
  const lose = (): void => {
    if (isClosed) return;
    isClosed = true;
    for (const listener of closeListeners) listener();
  };
  return { port, deliver, lose };
}

/**
 * Two joined ends in one process, for tests and the command line. Messages are cloned, so neither side can
 * reach into the other's values, and delivered in a later microtask, so that `post` never runs the other
 * side's code.
 */
export function createPortPair(): readonly [PairEnd, PairEnd] {
  const left = createEnd(
    (message) => later(() => right.deliver(message)),
    () => later(() => right.lose()),
  );
  const right = createEnd(
    (message) => later(() => left.deliver(message)),
    () => later(() => left.lose()),
  );
  return [left.port, right.port];
}
