import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Enrolment } from '../../electron/core/till-settings.ts';
import { startChild, type Child } from './bench-child.ts';
import type { Figure } from './figure.ts';
import { MELON, POUCH, type Family } from './peers-children.ts';
import { installPeers, PEERS_FOLDER } from './peers-install.ts';
import { inTurns, measured, OWN_NAME, peerFigure, wordsOf, type Took } from './peers-figures.ts';
import { centrePids, countBooked, enrolFolder, makeStamps } from './peers-own-files.ts';
import type { PeerStamp } from './peers/stamp.ts';
import { ROOT } from './stage.ts';
import type { SyncSite } from './sync-site.ts';

const ROUNDS = 3;
const TILLS = 20;
const STAMPS_EACH = 500;
/** A process for each till would measure how the machine changes between forty of them. */
const PROCESSES = 2;
const PER_PROCESS = TILLS / PROCESSES;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Twenty tills in two processes, and a centre of one kind. Each act ends when all of them say that it is stored. */
interface Crowd {
  name: string;
  /** Into each till's own file. */
  fill(stamps: readonly PeerStamp[][]): Promise<void>;
  push(): Promise<void>;
  /** What is to happen before the next round, and belongs to nobody's time. */
  settle(): Promise<void>;
  /** How many stamps the tills know to be at the centre or hold, and how many the centre has of all. */
  counts(): Promise<{ tills: number[]; centre: number }>;
  pids(): Promise<number[]>;
  end(): Promise<void>;
}

/** The tills of a crowd, by their processes. */
class Tills {
  readonly folder = mkdtempSync(join(tmpdir(), 'counterfoil-crowd-'));
  readonly folders = Array.from({ length: TILLS }, (_, at) => mkdtempSync(join(this.folder, `till-${at}-`)));
  #children: Child[] = [];

  start(program: string): void {
    this.#children = Array.from({ length: PROCESSES }, (_, at) =>
      startChild(program, this.folders.slice(at * PER_PROCESS, (at + 1) * PER_PROCESS)),
    );
  }

  async all(act: string, argument?: unknown): Promise<void> {
    await Promise.all(this.#children.map((child) => child.ask(act, argument)));
  }

  async fill(stamps: readonly PeerStamp[][]): Promise<void> {
    const shares = this.#children.map((_, at) => stamps.slice(at * PER_PROCESS, (at + 1) * PER_PROCESS));
    await Promise.all(this.#children.map((child, at) => child.ask('fill', shares[at])));
  }

  async counts(): Promise<number[]> {
    return (await Promise.all(this.#children.map((child) => child.ask<number[]>('counts')))).flat();
  }

  pids(): number[] {
    return this.#children.map(({ pid }) => pid);
  }

  async end(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.end()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function startPeerCrowd(family: Family): Promise<Crowd> {
  const tills = new Tills();
  const centre = startChild(join(PEERS_FOLDER, family.centre), [mkdtempSync(join(tills.folder, 'centre-'))]);
  const target = family.target(`http://127.0.0.1:${await centre.ask<number>('listen')}`);
  tills.start(join(PEERS_FOLDER, family.till));
  return {
    name: family.name,
    fill: (stamps) => tills.fill(stamps),
    push: () => tills.all(family.push, target),
    settle: async () => {
      if (family.echoes) await tills.all(family.push, target);
    },
    counts: async () => ({
      tills: await tills.counts(),
      centre: await centre.ask<number>('count', family.collection),
    }),
    pids: async () => [centre.pid, ...tills.pids()],
    end: async () => {
      await centre.end();
      await tills.end();
    },
  };
}

/** Each till holds the whole chain when it resolves. */
async function startOwnCrowd(site: SyncSite): Promise<Crowd & { enrolments: Enrolment[] }> {
  const tills = new Tills();
  const enrolments: Enrolment[] = [];
  for (const folder of tills.folders) enrolments.push(await enrolFolder(site, folder));
  const before = await countBooked(site);
  tills.start(join(ROOT, 'out/bench/own-tills.cjs'));
  await tills.all('settle');
  return {
    name: OWN_NAME,
    enrolments,
    fill: (stamps) => tills.fill(stamps),
    push: () => tills.all('push'),
    settle: () => tills.all('settle'),
    counts: async () => ({ tills: await tills.counts(), centre: (await countBooked(site)) - before }),
    pids: async () => [...(await centrePids(site)), ...tills.pids()],
    end: () => tills.end(),
  };
}

/** One crowd after the other, with the same stamps. */
async function runRound(
  crowds: readonly Crowd[],
  stamps: readonly PeerStamp[][],
  round: number,
): Promise<Map<string, Took>> {
  const times = new Map<string, Took>();
  for (const crowd of inTurns(crowds, round)) {
    await crowd.fill(stamps);
    times.set(crowd.name, await measured(await crowd.pids(), () => crowd.push()));
    const { tills, centre } = await crowd.counts();
    const [each, all] = [STAMPS_EACH * (round + 1), TILLS * STAMPS_EACH * (round + 1)];
    if (centre !== all || tills.some((count) => count < each))
      throw new Error(
        `${crowd.name}: ${centre} of ${all} stamps at the centre, ${tills.join(', ')} at tills`,
      );
    await crowd.settle();
  }
  return times;
}

/** Twenty tills send 500 stamps each at the same moment, to a centre of their kind. */
export async function benchPeerCrowds(site: SyncSite): Promise<Figure[]> {
  await installPeers();
  const own = await startOwnCrowd(site);
  const peers = await Promise.all([POUCH, MELON].map(startPeerCrowd));
  try {
    const rounds: Map<string, number>[] = [];
    // The first one warms.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const made = STAMPS_EACH * round;
      const stamps = own.enrolments.map((enrolment, at) => {
        const first = (round * TILLS + at) * STAMPS_EACH;
        return makeStamps(enrolment, { count: STAMPS_EACH, made, first, members: site.members });
      });
      const times = await runRound([own, ...peers], stamps, round);
      const lines = [...times].map(([name, took]) => `${name} ${wordsOf(took)}`);
      say(`  push at once, ms (of processors): ${lines.join('; ')}; load ${loadavg()[0]?.toFixed(1)}`);
      if (round > 0) rounds.push(new Map([...times].map(([name, { ms }]) => [name, ms])));
    }
    const what = `push of ${TILLS} × ${STAMPS_EACH} stamps at once`;
    return peers.map(({ name }) => peerFigure(what, name, rounds));
  } finally {
    await own.end();
    await Promise.all(peers.map((peer) => peer.end()));
  }
}
