import { hash } from 'node:crypto';
import type { Crypto } from '../../sync/base/crypto.ts';
import { createRandom, type Random } from './random.ts';

/** A rule of the design that does not hold: the seed that found it fails. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

interface Event {
  atMs: number;
  order: number;
  act: () => void;
}

const LAST_LINES = 80;
/** 2026-11-21 19:55 UTC: five minutes before the simulated stores' days end. */
const START_MS = 1_795_305_600_000 - (4 * 60 + 5) * 60_000;

/** Soonest first; of the same instant, in the order of planning. */
function createQueue() {
  const heap: Event[] = [];
  const isBefore = (left: Event, right: Event): boolean =>
    left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
  const swap = (one: number, other: number): void => {
    [heap[one], heap[other]] = [heap[other] as Event, heap[one] as Event];
  };
  const push = (event: Event): void => {
    heap.push(event);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at] as Event, heap[parent] as Event)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const sink = (): void => {
    for (let at = 0; ;) {
      const [left, right] = [at * 2 + 1, at * 2 + 2];
      let least = at;
      if (left < heap.length && isBefore(heap[left] as Event, heap[least] as Event)) least = left;
      if (right < heap.length && isBefore(heap[right] as Event, heap[least] as Event)) least = right;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  const pop = (): Event | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    heap[0] = last;
    sink();
    return first;
  };
  return { push, pop, peek: () => heap[0] };
}

/** Lets every promise that can go on do so, until all wait for an event. */
const untilQuiet = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/**
 * Time, chance and order of everything in one process. Nothing happens but by an event of this queue, so a seed
 * decides the whole run. Its clock is the true one; tills have clocks of their own.
 */
export class World {
  readonly random: Random;
  readonly crypto: Crypto;
  #nowMs = START_MS;
  #order = 0;
  #trace = '';
  #eventCount = 0;
  readonly #queue = createQueue();
  readonly #lines: string[] = [];
  #failure: Error | null = null;

  constructor(seed: number) {
    this.random = createRandom(seed);
    this.crypto = this.cryptoFrom(this.random.fork());
  }

  /** Real hashes, and randomness from the seed. */
  cryptoFrom(random: Random): Crypto {
    return {
      sha256Hex: (text) => hash('sha256', text, 'hex'),
      randomHex: (byteCount) => random.hex(byteCount),
    };
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Milliseconds since the start. */
  elapsedMs(): number {
    return this.#nowMs - START_MS;
  }

  after(delayMs: number, act: () => void): void {
    this.#order += 1;
    this.#queue.push({ atMs: this.#nowMs + Math.max(0, Math.round(delayMs)), order: this.#order, act });
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** One line of what happened, for the hash of the run and for whoever looks into a failure. */
  tell(line: string): void {
    const told = `${String(this.elapsedMs()).padStart(9)} ${line}`;
    this.#trace = hash('sha256', `${this.#trace}\n${told}`, 'hex');
    this.#lines.push(told);
    if (this.#lines.length > LAST_LINES * 2) this.#lines.splice(0, LAST_LINES);
  }

  /** Something that must never happen was met where it can not be thrown. The run ends with it. */
  fail(cause: unknown): void {
    this.#failure ??= cause instanceof Error ? cause : new Error('no error at all', { cause });
  }

  /** Runs events for so long, or until nothing is planned. @throws What `fail` or an event brought. */
  async runFor(durationMs: number, onEvent: () => void = () => undefined): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    for (let next = this.#queue.peek(); next !== undefined && next.atMs <= endMs; next = this.#queue.peek()) {
      this.#queue.pop();
      this.#nowMs = next.atMs;
      this.#eventCount += 1;
      next.act();
      await untilQuiet();
      if (this.#failure !== null) throw this.#failure;
      onEvent();
    }
    this.#nowMs = endMs;
  }

  result(): { trace: string; events: number; lines: readonly string[] } {
    return {
      trace: this.#trace.slice(0, 32),
      events: this.#eventCount,
      lines: this.#lines.slice(-LAST_LINES),
    };
  }
}
