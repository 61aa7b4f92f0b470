import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../sim/random.ts';

/**
 * What happens to one request. `eaten-answer`: the server has answered, the caller never hears; `cut-…`: the
 * line breaks at a byte at random; `late-again`: a copy reaches the server once more after later requests;
 * `flip-…`: one bit is another.
 */
export const FAULTS = [
  'delay',
  'cut-request',
  'cut-answer',
  'eaten-answer',
  'duplicate',
  'late-again',
  'reorder',
  'throttle',
  'flip-request',
  'flip-answer',
] as const;
export type Fault = (typeof FAULTS)[number] | 'none';

export interface FaultProxy {
  url: string;
  /** How often each fault was done. */
  done: Map<Fault, number>;
  stop(): Promise<void>;
}

interface ProxyOptions {
  /** Where requests go: asked for each one, so that it can name one of several servers, or a restarted one. */
  upstream: () => string;
  random: Random;
  /** Asked once per POST; everything else passes. */
  choose: (path: string) => Fault;
}

interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

const DELAY_MS_MAX = 30;
const THROTTLE_PIECES = 8;
const THROTTLE_PAUSE_MS = 2;

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function flipped(body: Buffer, random: Random): Buffer {
  if (body.length === 0) return body;
  const copy = Buffer.from(body);
  const at = random.int(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random.int(8));
  return copy;
}

/** Passes HTTP on, and does to it what lines and middle boxes do. Chance comes from a seed. */
class Proxy {
  readonly done = new Map<Fault, number>();
  readonly #options: ProxyOptions;
  /** Held back by `reorder` until the next one has been answered. */
  readonly #held: (() => void)[] = [];
  /** Copies that reach the server once more after the next request. */
  readonly #again: Asked[] = [];

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  end(): void {
    for (const go of this.#held.splice(0)) go();
  }

  async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const body = await readAll(incoming);
    const asked = { method, path, headers, body };
    const fault = method === 'POST' ? this.#options.choose(path) : 'none';
    this.done.set(fault, (this.done.get(fault) ?? 0) + 1);
    const answer = await this.#forward(asked, fault);
    for (const go of this.#held.splice(0)) go();
    if (answer === null || fault === 'eaten-answer') outgoing.destroy();
    else await this.#reply(outgoing, answer, fault);
  }

  /** Null: the line broke before there was an answer. */
  async #forward(asked: Asked, fault: Fault): Promise<Answer | null> {
    const { random } = this.#options;
    if (fault === 'delay') await pause(random.int(DELAY_MS_MAX));
    // Whoever comes next goes first; a caller that waits for its answer sends nothing else, so not for long.
    if (fault === 'reorder') await Promise.race([new Promise<void>((go) => this.#held.push(go)), pause(20)]);
    if (fault === 'cut-request') return this.#send(asked, random.int(asked.body.length + 1));
    const again = this.#again.splice(0);
    if (fault === 'late-again') this.#again.push(asked);
    const sent = fault === 'flip-request' ? { ...asked, body: flipped(asked.body, random) } : asked;
    const answers = [this.#send(sent)];
    if (fault === 'duplicate') answers.push(this.#send(sent));
    const [first, second] = await Promise.all(answers);
    for (const old of again) await this.#send(old);
    return (random.isHit(0.5) ? second : null) ?? first ?? null;
  }

  /** @param cutAt Bytes of the body after which the line breaks. */
  #send({ method, path, headers, body }: Asked, cutAt: number | null = null): Promise<Answer | null> {
    return new Promise((resolve) => {
      const target = new URL(path, this.#options.upstream());
      const length = { 'content-length': String(body.length), host: target.host };
      const sent = request(target, { method, headers: { ...headers, ...length } });
      sent.once('error', () => resolve(null));
      sent.once('response', (response) => {
        const { statusCode: status = 502 } = response;
        readAll(response).then(
          (answer) => resolve({ status, headers: response.headers, body: answer }),
          () => resolve(null),
        );
      });
      if (cutAt === null) sent.end(body);
      else sent.write(body.subarray(0, cutAt), () => sent.destroy(new Error('cut')));
    });
  }

  async #reply(outgoing: ServerResponse, { status, headers, body }: Answer, fault: Fault): Promise<void> {
    const { random } = this.#options;
    const { 'transfer-encoding': _chunked, ...kept } = headers;
    outgoing.writeHead(status, { ...kept, 'content-length': String(body.length) });
    if (fault === 'cut-answer') {
      outgoing.write(body.subarray(0, random.int(body.length + 1)), () => outgoing.destroy());
      return;
    }
    if (fault !== 'throttle') {
      outgoing.end(fault === 'flip-answer' ? flipped(body, random) : body);
      return;
    }
    const piece = Math.ceil(body.length / THROTTLE_PIECES) || 1;
    for (let at = 0; at < body.length; at += piece) {
      outgoing.write(body.subarray(at, at + piece));
      await pause(THROTTLE_PAUSE_MS);
    }
    outgoing.end();
  }
}

/** A proxy of its own port between tills and a centre. */
export async function startFaultProxy(options: ProxyOptions): Promise<FaultProxy> {
  const proxy = new Proxy(options);
  const server = createServer((incoming, outgoing) => {
    proxy.answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    done: proxy.done,
    stop: async () => {
      proxy.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
