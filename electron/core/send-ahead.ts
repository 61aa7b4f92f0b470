import { must } from '../../sync/base/must.ts';
import type { ExchangeReply, ExchangeRequest } from '../../sync/protocol/exchange.ts';
import { CentreFault } from './centre-client.ts';

/**
 * So many requests of a backlog are on their way at once: while the centre books one, the next are made and read, and
 * those that wait there are booked together.
 */
const ON_THE_WAY_MAX = 5;

/** What a request may be told for no other reason than that it came out of its turn. */
const OUT_OF_TURN: ReadonlySet<string> = new Set(['tseq_gap', 'till_restored']);

/** Where the ops of a request begin: after this one of the till's own. */
export interface SendFrom {
  tseq: number;
  hash: string;
}

interface OnTheWay {
  from: SendFrom;
  /** The copy's cursor in the request: rows of the answer are newer than that. */
  cursor: number;
  isAhead: boolean;
  reply: Promise<ExchangeReply>;
}

/** What the till has, and how it asks. */
export interface Asking {
  /** Where the next request begins whose answer is known to fit. */
  start: () => SendFrom;
  /** The copy's cursor. */
  cursor: () => number;
  /** A request with the ops after `from`, and where the one after it would begin; null: nothing is left then. */
  request: (from: SendFrom) => { request: ExchangeRequest; next: SendFrom | null };
  send: (request: ExchangeRequest) => Promise<ExchangeReply>;
  /** Lets what was sent leave before the next is made. */
  pause: () => Promise<void>;
}

/**
 * Requests with a backlog's ops, sent before the answer to the one before has come. Answers are taken in the order of
 * the ops. One that does not fit any more is left alone, and its ops are sent again: the centre knows them.
 */
export class SendAhead {
  #onTheWay: OnTheWay[] = [];
  #next: SendFrom | null = null;

  /** The next answer. @throws CentreFault as `send` does; nothing is on its way then that would still be taken. */
  async answer(asking: Asking): Promise<ExchangeReply> {
    const start = asking.start();
    const first = this.#onTheWay[0];
    if (first === undefined || first.from.tseq !== start.tseq || first.cursor !== asking.cursor()) {
      this.#drop();
      this.#next = start;
    }
    while (this.#next !== null && this.#onTheWay.length < ON_THE_WAY_MAX) {
      if (this.#onTheWay.length > 0) await asking.pause();
      this.#send(asking, this.#next);
    }
    const taken = must(this.#onTheWay.shift(), 'the first request is always sent');
    try {
      return await taken.reply;
    } catch (cause) {
      this.#drop();
      if (!taken.isAhead || !(cause instanceof CentreFault) || !OUT_OF_TURN.has(cause.code)) throw cause;
      // It came before the one that it follows, or late, with an end that the till has passed: sent again it fits.
      return this.answer(asking);
    }
  }

  /** Answers that are still to come are not taken. */
  #drop(): void {
    this.#onTheWay = [];
    this.#next = null;
  }

  #send(asking: Asking, from: SendFrom): void {
    const { request, next } = asking.request(from);
    const reply = asking.send(request);
    // Whoever waits for it hears of it; if nobody does any more, nothing is lost.
    reply.catch(() => undefined);
    this.#onTheWay.push({ from, cursor: request.cursor, isAhead: this.#onTheWay.length > 0, reply });
    this.#next = next;
  }
}
