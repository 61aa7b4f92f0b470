import { loadavg } from 'node:os';
import type { Figure } from './figure.ts';
import { startPeers, type Peer } from './peers-children.ts';
import { benchPeerCrowds } from './peers-crowd.ts';
import { inTurns, measured, peerFigure, wordsOf, type Took } from './peers-figures.ts';
import { OwnPair } from './peers-own.ts';
import type { SyncSite } from './sync-site.ts';

const ROUNDS = 3;
const STAMPS = 10_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Times {
  push: Took;
  pull: Took;
}

/** One after the other, so that nobody's work is in another's time; the same stamps for all. */
async function runRound(pairs: readonly Peer[], own: OwnPair, round: number): Promise<Map<string, Times>> {
  const stamps = own.makeStamps(STAMPS);
  const times = new Map<string, Times>();
  for (const pair of inTurns(pairs, round)) {
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

const figureOf = (act: keyof Times, peer: string, rounds: readonly Map<string, Times>[]): Figure =>
  peerFigure(
    `${act} of ${STAMPS} stamps`,
    peer,
    rounds.map((round) => new Map([...round].map(([name, times]) => [name, times[act].ms]))),
  );

async function benchPairs(site: SyncSite): Promise<Figure[]> {
  const peers = await startPeers();
  const own = new OwnPair(site);
  try {
    await own.open();
    const rounds: Map<string, Times>[] = [];
    // The first one warms.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const times = await runRound([own, ...peers], own, round);
      const lines = [...times].map(([name, { push, pull }]) => `${name} ${wordsOf(push)} / ${wordsOf(pull)}`);
      say(`  push / pull, ms (of processors): ${lines.join('; ')}; load ${loadavg()[0]?.toFixed(1)}`);
      if (round > 0) rounds.push(times);
    }
    return peers.flatMap(({ name }) => [figureOf('push', name, rounds), figureOf('pull', name, rounds)]);
  } finally {
    await own.end();
    await Promise.all(peers.map((peer) => peer.end()));
  }
}

/**
 * The same stamps from one till to its centre and on to another till, then from twenty tills at once, by the product,
 * PouchDB and WatermelonDB. `limit` is the peer's time, `ratio` how many times ours that is.
 */
export const benchPeers = async (site: SyncSite): Promise<Figure[]> => [
  ...(await benchPairs(site)),
  ...(await benchPeerCrowds(site)),
];
