import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Connected } from '../../core/index.ts';
import { FromDesk, OFFICE_FULL, OFFICE_MOVED } from '../../contract/office.ts';
import { addressKey } from '../../../sync/base/address-key.ts';
import { createPortPair, Reply, Request, type Port } from '../../contract/port.ts';
import { GUESS_WINDOW_MS, type GuessLimit } from './guess-limit.ts';
import type { Line } from './line.ts';

/** So long a page may be away, to be loaded again or for a line that breaks, and whoever works there still does. */
export const GRACE_MS = 120_000;
/** Who says nothing at first is no page. */
export const HELLO_MS = 10_000;
const LOOK_MS = 5_000;
const DESKS_MAX = 128;
/** Pages from one address at which nobody is signed in: what nobody uses keeps nobody out. */
const STRANGERS_MAX = 8;
/** So long a page stays open at which nobody is signed in; a real one comes back by itself. */
export const STRANGER_MS = 5 * 60_000;
/** Calls of one page that have no answer yet; more are read when some have. */
const UNDER_WAY_MAX = 128;

/** Whose line it is: `browser` is the cookie's word, `address` where it comes from. */
export interface Caller {
  browser: string;
  address: string;
}

export interface DesksParts {
  /** A new page of the core. */
  connect(port: Port): Connected;
  guesses: GuessLimit;
  idleMs: number;
  /** A clock that nobody sets. */
  nowMs: () => number;
  version: string;
  log: Logger;
}

/** One page of a browser, over its lines: what the core knows of it outlives the line for a while. */
interface Desk {
  browser: string;
  address: string;
  /** Hashes: who reads this program's memory dump gets no session out of it. `next` counts once it was kept. */
  token: { now: string; next: string | null };
  port: Port;
  connected: Connected;
  line: Line | null;
  /** When its line was lost. */
  awaySinceMs: number;
  usedAtMs: number;
  /** Since when nobody is signed in there; null while somebody is. */
  strangeSinceMs: number | null;
  /** Calls under way, and those of them that try a PIN. */
  underWay: Set<string>;
  trying: Map<string, string>;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
const isOf = (desk: Desk, hash: string): boolean => desk.token.now === hash || desk.token.next === hash;

const LOCKED = {
  code: 'pin_locked',
  message: 'Too many wrong PINs from here. Nothing was changed. Wait a quarter of an hour.',
  waitSeconds: GUESS_WINDOW_MS / 1_000,
};

/** Whether a call tries somebody's PIN: at a sign-in, her own once more, a second person's. */
function triesPin({ method, input }: Request): boolean {
  if (method === 'session.signIn') return true;
  if (typeof input !== 'object' || input === null) return false;
  const { pin, ownPin, second } = input as Record<string, unknown>;
  // Of a person's document it is a new one.
  const isTried = pin !== undefined && method !== 'documents.save';
  return isTried || ownPin !== undefined || (second !== undefined && second !== null);
}

/** Answers after which a PIN may have been a guess; whatever else stood in the way says nothing of it. */
const OF_A_GUESS: ReadonlySet<string> = new Set(['pin_wrong', 'pin_locked', 'second_person']);

/** What goes between a page and the core: calls that are too many wait, and PINs are not guessed. */
function createTraffic({ guesses, nowMs, log }: Pick<DesksParts, 'guesses' | 'nowMs' | 'log'>) {
  const ask = (desk: Desk, message: unknown): void => {
    const request = Request.safeParse(message).data;
    if (request === undefined) return log.warn('a message that is no request was dropped');
    // Its answer would be taken for the other's, and so would a PIN that was tried.
    if (desk.underWay.has(request.id) || desk.trying.has(request.id))
      return log.warn('a request was dropped whose id is under way');
    if (triesPin(request)) {
      if (!guesses.begin(desk.address)) {
        return desk.line?.post({ t: 'reply', id: request.id, ok: false, error: LOCKED });
      }
      desk.trying.set(request.id, desk.address);
      desk.usedAtMs = nowMs();
    }
    desk.underWay.add(request.id);
    if (desk.underWay.size >= UNDER_WAY_MAX) desk.line?.hold(true);
    desk.port.post(request);
  };
  return {
    /** From the core. */
    hear: (desk: Desk, message: unknown): void => {
      const reply = Reply.safeParse(message).data;
      if (reply !== undefined) {
        const address = desk.trying.get(reply.id);
        const isGuess = reply.ok ? false : OF_A_GUESS.has(reply.error.code);
        if (address !== undefined && !isGuess) guesses.succeed(address);
        desk.trying.delete(reply.id);
        desk.underWay.delete(reply.id);
        if (desk.underWay.size < UNDER_WAY_MAX) desk.line?.hold(false);
      }
      desk.line?.post(message);
    },
    /** From the page. */
    take: (desk: Desk, message: unknown): void => {
      const word = FromDesk.safeParse(message).data;
      if (word === undefined) return ask(desk, message);
      if (word.t === 'used') desk.usedAtMs = nowMs();
      if (word.t === 'kept' && desk.token.next !== null) desk.token = { now: desk.token.next, next: null };
    },
  };
}

/** The pages that the core knows, and how long it does. */
function createDeskList({ connect, nowMs, idleMs }: Pick<DesksParts, 'connect' | 'nowMs' | 'idleMs'>) {
  const desks = new Set<Desk>();
  const drop = (desk: Desk): void => {
    if (!desks.delete(desk)) return;
    desk.port.close();
    desk.line?.close();
  };
  /** Oldest first. */
  const strangers = (): Desk[] => [...desks].filter((desk) => desk.connected.session() === null);
  return {
    drop,
    /** @returns False when everybody who has a page works at it. */
    makeRoom: ({ address }: Caller): boolean => {
      const key = addressKey(address);
      const near = strangers().filter((desk) => addressKey(desk.address) === key);
      for (const desk of near.slice(0, Math.max(0, near.length + 1 - STRANGERS_MAX))) drop(desk);
      const [oldest] = strangers();
      if (desks.size >= DESKS_MAX && oldest !== undefined) drop(oldest);
      return desks.size < DESKS_MAX;
    },
    open: (caller: Caller, token: string, hear: (desk: Desk, message: unknown) => void): Desk => {
      const [port, coreSide] = createPortPair();
      const connected = connect(coreSide);
      const desk: Desk = {
        ...caller,
        token: { now: hashOf(token), next: null },
        ...{ port, connected, line: null, awaySinceMs: nowMs(), usedAtMs: nowMs() },
        strangeSinceMs: nowMs(),
        ...{ underWay: new Set<string>(), trying: new Map<string, string>() },
      };
      port.onMessage((message) => hear(desk, message));
      desks.add(desk);
      return desk;
    },
    find: (token: string | null, { browser }: Caller): Desk | undefined => {
      if (token === null) return undefined;
      const hash = hashOf(token);
      return [...desks].find((desk) => isOf(desk, hash) && desk.browser === browser);
    },
    /** Signs out who has touched nothing for long, and forgets pages that stayed away. */
    look: (): void => {
      for (const desk of desks) {
        if (nowMs() - desk.usedAtMs >= idleMs) desk.connected.endSession('idle');
        const isStrange = desk.connected.session() === null;
        desk.strangeSinceMs = isStrange ? (desk.strangeSinceMs ?? nowMs()) : null;
        const isLongStrange = desk.strangeSinceMs !== null && nowMs() - desk.strangeSinceMs >= STRANGER_MS;
        const isAway = desk.line === null && (isStrange || nowMs() - desk.awaySinceMs >= GRACE_MS);
        if (isAway || isLongStrange) drop(desk);
      }
    },
    close: (): void => {
      for (const desk of desks) drop(desk);
    },
  };
}

/** All pages of the office that are open or may come back. */
export function createDesks(parts: DesksParts) {
  const traffic = createTraffic(parts);
  const list = createDeskList(parts);

  /** The line is the desk's from now on; one that it had before is told so. */
  const join = (desk: Desk, line: Line): void => {
    const before = desk.line;
    desk.line = line;
    before?.end(OFFICE_MOVED);
    line.onMessage((message) => {
      if (desk.line === line) traffic.take(desk, message);
    });
    line.onClose(() => {
      if (desk.line !== line) return;
      desk.line = null;
      desk.awaySinceMs = parts.nowMs();
      // Nobody is signed in: there is nothing to come back to.
      if (desk.connected.session() === null) list.drop(desk);
    });
  };
  const greet = (line: Line, caller: Caller, token: string | null): void => {
    const known = list.find(token, caller);
    if (known === undefined && !list.makeRoom(caller)) return line.end(OFFICE_FULL);
    const next = randomBytes(32).toString('base64url');
    // Before the core can say anything on a new port: the page must be able to come back to whatever it hears.
    line.post({ t: 'desk', token: next, isSame: known !== undefined });
    if (known === undefined) return join(list.open(caller, next, traffic.hear), line);
    // Whoever shows the newer one has kept it; the one before goes on counting only until this one is kept.
    known.token = { now: token === null ? '' : hashOf(token), next: hashOf(next) };
    known.address = caller.address;
    known.underWay.clear();
    join(known, line);
    line.post({ t: 'ready', version: parts.version });
  };

  const looking = setInterval(list.look, LOOK_MS);
  looking.unref();
  return {
    look: list.look,
    /** Waits for the page's first word, then joins it to the desk that it names, or to a new one. */
    welcome: (line: Line, caller: Caller): void => {
      const late = setTimeout(() => line.close(), HELLO_MS);
      late.unref();
      const stop = line.onMessage((message) => {
        stop();
        clearTimeout(late);
        const hello = FromDesk.safeParse(message).data;
        if (hello?.t === 'hello') greet(line, caller, hello.token);
        else line.close();
      });
      line.onClose(() => clearTimeout(late));
    },
    close: (): void => {
      clearInterval(looking);
      list.close();
    },
  };
}
export type Desks = ReturnType<typeof createDesks>;
