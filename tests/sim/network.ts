import { CentreFault, type Send } from '../../electron/core/centre-client.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export interface Request {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

export interface Answer {
  status: number;
  body: Uint8Array;
}

/** Who answers; null: nobody is there now. */
export type Answering = (request: Request) => Promise<Answer> | null;

/** How bad the line of one till is. Chances for each message. */
export interface Weather {
  loss: number;
  duplication: number;
  flip: number;
  delayMaxMs: number;
}

export const CALM: Weather = { loss: 0, duplication: 0, flip: 0, delayMaxMs: 40 };
const KEPT_REQUESTS = 30;

const unreachable = (): CentreFault =>
  new CentreFault({ kind: 'unreachable', code: 'unreachable' }, 'The centre can not be reached.');

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const at = random.int(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random.int(8));
  return copy;
}

/**
 * The line of one till to the centre. A message is lost, doubled, late, overtaken or bent; an answer that is cut
 * after the centre's commit is simply lost. What was sent may come again much later.
 */
export class Line {
  readonly #world: World;
  readonly #random: Random;
  readonly #answering: Answering;
  readonly #sent: Request[] = [];
  weather: Weather = CALM;
  isCut = false;

  constructor(world: World, answering: Answering) {
    this.#world = world;
    this.#random = world.random.fork();
    this.#answering = answering;
  }

  /** Resolves with an answer; rejects when none came in time, as a real client does. */
  send(request: Request, timeoutMs: number): Promise<Answer> {
    if (this.#sent.push(request) > KEPT_REQUESTS) this.#sent.shift();
    return new Promise((resolve, reject) => {
      let isOver = false;
      const take = (answer: Answer): void => {
        isOver = true;
        resolve(answer);
      };
      // Made only when it is needed: an error's stack costs more than the whole message.
      this.#world.after(timeoutMs, () => isOver || reject(unreachable()));
      this.#carry(request, take);
      if (this.#random.isHit(this.weather.duplication)) this.#carry(request, take);
    });
  }

  /** An old message reaches the centre once more; its answer goes nowhere. */
  replay(): void {
    if (this.#sent.length === 0) return;
    this.#carry(this.#random.pick(this.#sent), () => undefined);
  }

  #carry(request: Request, resolve: (answer: Answer) => void): void {
    const { body } = request;
    if (this.#isLost()) return;
    const isBent = body.length > 0 && this.#random.isHit(this.weather.flip);
    const carried = isBent ? { ...request, body: flipped(body, this.#random) } : request;
    this.#world.after(this.#delayMs(), () => {
      if (this.isCut) return;
      void this.#answering(carried)?.then((answer) => {
        if (this.#isLost()) return;
        this.#world.after(this.#delayMs(), () => {
          if (!this.isCut) resolve(answer);
        });
      });
    });
  }

  #isLost(): boolean {
    return this.isCut || this.#random.isHit(this.weather.loss);
  }

  /** Mostly quick; now and then so late that later messages overtake it. */
  #delayMs(): number {
    const isLate = this.#random.isHit(0.05);
    return this.#random.between(1, this.weather.delayMaxMs) * (isLate ? 20 : 1);
  }
}

const NO_HEADERS = new Headers();

/** As the till's own client reads it. */
export function toResponse({ status, body }: Answer): Awaited<ReturnType<Send>> {
  const read = (): unknown => JSON.parse(new TextDecoder().decode(body));
  return {
    ok: status === 200,
    status,
    headers: NO_HEADERS,
    // For files of the feed, which are no JSON.
    ...{ bytes: body },
    json: () => new Promise((resolve) => resolve(read())),
  };
}
