import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLane } from '../../../crm/lane.ts';
import { LOAD_LIMITS } from '../../../crm/plugins/load-limits.ts';
import { BusyRefusal } from '../../../crm/refusal.ts';
import { backOffMs } from '../../../electron/core/back-off.ts';
import { must } from '../../../sync/base/must.ts';

const TILLS = 5_000;
const TRIES_MAX = 3;
/** What a till has for all of it. */
const SYNCED_MS_MAX = 5 * 60_000;

/** What happens at which moment, in its order; time goes on as soon as nothing is left of a moment. */
class Timeline {
  nowMs = 0;
  readonly #due: { atMs: number; act: () => void }[] = [];

  plan(inMs: number, act: () => void): void {
    const atMs = this.nowMs + inMs;
    let [low, high] = [0, this.#due.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (must(this.#due[middle], 'it is inside').atMs > atMs) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, { atMs, act });
  }

  async run(): Promise<void> {
    for (let next = this.#due.pop(); next !== undefined; next = this.#due.pop()) {
      this.nowMs = next.atMs;
      next.act();
      // Who was let in by it goes in.
      await turn();
    }
  }
}

interface Returned {
  tries: number;
  atMs: number;
}

/**
 * Tills that all come at one moment to a centre with the product's own places, each with the product's own waits.
 *
 * @param answerMs how long an answer takes when as many are being made as the centre makes at once
 */
async function comeBack(tills: number, answerMs: (nowMs: number) => number): Promise<Returned[]> {
  const time = new Timeline();
  const lane = createLane(LOAD_LIMITS.lanes.till, () => time.nowMs);
  const returned: Returned[] = [];
  const ask = (till: string, tries: number): void => {
    const visitor = { till };
    const again = (cause: unknown): void => {
      if (!(cause instanceof BusyRefusal)) throw cause;
      time.plan(Math.max(backOffMs(tries, Math.random()), cause.retryAfterS * 1_000), () =>
        ask(till, tries + 1),
      );
    };
    const serve = (): void =>
      time.plan(answerMs(time.nowMs), () => {
        lane.answer(visitor);
        lane.leave(visitor);
        returned.push({ tries, atMs: time.nowMs });
      });
    try {
      lane.announce(visitor, till);
      lane.enter(visitor).then(serve, again);
    } catch (cause) {
      again(cause);
    }
  };
  for (let at = 0; at < tills; at += 1) time.plan(0, () => ask(`till ${at}`, 1));
  await time.run();
  return returned;
}

const { insideMax } = LOAD_LIMITS.lanes.till;

test.each([
  ['as fast as it is', () => (insideMax / 1_000) * 1_000],
  ['on a slow machine', () => (insideMax / 100) * 1_000],
  ['that has just started, and is slow for ten seconds', (nowMs: number) => (nowMs < 10_000 ? 4_000 : 200)],
])(
  'five thousand tills come back at once to a centre %s: half are through at the third try at the latest, all in five minutes (R-N6)',
  async (_name, answerMs) => {
    const returned = await comeBack(TILLS, answerMs);
    expect(returned.length).toBe(TILLS);
    const tries = returned.map((each) => each.tries).sort((left, right) => left - right);
    expect(tries[TILLS / 2]).toBeLessThanOrEqual(TRIES_MAX);
    expect(Math.max(...returned.map(({ atMs }) => atMs))).toBeLessThanOrEqual(SYNCED_MS_MAX);
  },
);
