import { loadavg } from 'node:os';
import { median, timed, type Figure } from './figure.ts';
import { readCpuS } from './process-figures.ts';
import { startPeers, type Peer } from './peers-children.ts';
import { OwnPair } from './peers-own.ts';
import type { SyncSite } from './sync-site.ts';

const ROUNDS = 3;
const STAMPS = 10_000;
/** How many times as long they may take at least: `≥ 4 ×`, and `ahead`. */
const AHEAD: Readonly<Record<string, number>> = { PouchDB: 4, WatermelonDB: 1 };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Of one act: on the clock, and of all processors for everybody who worked for it. */
interface Took {
  ms: number;
  cpuMs: number;
}

interface Times {
  push: Took;
  pull: Took;
}

async function measured(pids: readonly number[], act: () => Promise<void>): Promise<Took> {
  const before = readCpuS(pids);
  const ms = await timed(act);
  return { ms, cpuMs: (readCpuS(pids) - before) * 1_000 };
}

/** One after the other, so that nobody's work is in another's time; the same stamps for all. */
async function runRound(pairs: readonly Peer[], own: OwnPair, round: number): Promise<Map<string, Times>> {
  const stamps = own.makeStamps(STAMPS);
  const times = new Map<string, Times>();
  // Whoever begins finds another machine than whoever comes last: they take turns.
  const order = pairs.map((_, at) => pairs[(at + round) % pairs.length]);
  for (const pair of order) {
    if (pair === undefined) continue;
    await pair.fill(stamps);
    const pids = await pair.pids();
    const push = await measured(pids, () => pair.push());
    const pull = await measured(pids, () => pair.pull());
    times.set(pair.name, { push, pull });
    const counts = await pair.counts();
    const all = STAMPS * (round + 1);
    if (counts.some((count) => count !== all))
      throw new Error(
        `${pair.name}: ${counts.join(', ')} of ${all} stamps at first till, centre, second till`,
      );
    await pair.settle();
  }
  return times;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function figureOf(act: keyof Times, peer: string, rounds: readonly Map<string, Times>[]): Figure {
  const of = (round: Map<string, Times>, name: string): number => round.get(name)?.[act].ms ?? Number.NaN;
  const ratio = median(rounds.map((round) => of(round, peer) / of(round, 'Counterfoil')));
  const min = AHEAD[peer] ?? 1;
  return {
    name: `${act} of ${STAMPS} stamps, beside ${peer}`,
    value: rounded(median(rounds.map((round) => of(round, 'Counterfoil')))),
    unit: 'ms',
    limit: rounded(median(rounds.map((round) => of(round, peer)))),
    ratio: rounded(ratio),
    cpuMs: null,
    goal: min > 1 ? `peer ≥ ${min} × ours` : 'peer > ours',
    pass: min > 1 ? ratio >= min : ratio > 1,
  };
}

/**
 * The same stamps from one till to its centre and on to another till, by the product, PouchDB and WatermelonDB.
 * `limit` is the peer's time, `ratio` how many times ours that is.
 */
export async function benchPeers(site: SyncSite): Promise<Figure[]> {
  const peers = await startPeers();
  const own = new OwnPair(site);
  try {
    await own.open();
    const rounds: Map<string, Times>[] = [];
    // The first one warms.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const times = await runRound([own, ...peers], own, round);
      const words = (took: Took): string => `${took.ms.toFixed(0)} (${took.cpuMs.toFixed(0)})`;
      const lines = [...times].map(([name, { push, pull }]) => `${name} ${words(push)} / ${words(pull)}`);
      say(`  push / pull, ms (of processors): ${lines.join('; ')}; load ${loadavg()[0]?.toFixed(1)}`);
      if (round > 0) rounds.push(times);
    }
    return peers.flatMap(({ name }) => [figureOf('push', name, rounds), figureOf('pull', name, rounds)]);
  } finally {
    await own.end();
    await Promise.all(peers.map((peer) => peer.end()));
  }
}
