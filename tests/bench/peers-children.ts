import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from './bench-child.ts';
import { installPeers, PEERS_FOLDER } from './peers-install.ts';
import type { PeerStamp } from './peers/stamp.ts';

/** Two tills and a centre of one kind. Each act ends when its side says that all of it is stored. */
export interface Peer {
  name: string;
  /** Into the first till's own file. */
  fill(stamps: readonly PeerStamp[]): Promise<void>;
  push(): Promise<void>;
  /** The second till fetches what it misses. */
  pull(): Promise<void>;
  /** What is to happen before the next round, and belongs to neither. */
  settle(): Promise<void>;
  /** How many stamps first till, centre and second till hold. */
  counts(): Promise<number[]>;
  /** Everybody who works for it: tills, centre, the centre's database. */
  pids(): Promise<number[]>;
  end(): Promise<void>;
}

export interface Family {
  name: string;
  centre: string;
  till: string;
  /** Where the tills sync, on the centre at `url`. */
  target: (url: string) => string;
  /** What the centre calls it. */
  collection: string;
  push: string;
  pull: string;
  /** A till hears of its own stamps with its next sync: that one is not timed. */
  echoes: boolean;
}

export const POUCH: Family = {
  ...{ name: 'PouchDB', centre: 'pouch-centre.ts', till: 'pouch-till.ts' },
  ...{ target: (url) => `${url}/stamps`, collection: 'stamps', push: 'push', pull: 'pull', echoes: false },
};
export const MELON: Family = {
  ...{ name: 'WatermelonDB', centre: 'melon-centre.ts', till: 'melon-till.ts' },
  ...{ target: (url) => url, collection: 'stamps', push: 'sync', pull: 'sync', echoes: true },
};

async function startPeer(family: Family): Promise<Peer> {
  const folders = ['centre', 'first', 'second'].map((name) =>
    mkdtempSync(join(tmpdir(), `counterfoil-peer-${name}-`)),
  );
  const [centre, first, second] = folders.map((folder, at) =>
    startChild(join(PEERS_FOLDER, at === 0 ? family.centre : family.till), [folder]),
  ) as [Child, Child, Child];
  const port = await centre.ask<number>('listen');
  const target = family.target(`http://127.0.0.1:${port}`);
  return {
    name: family.name,
    fill: (stamps) => first.ask('fill', [stamps]),
    push: () => first.ask(family.push, target),
    pull: () => second.ask(family.pull, target),
    settle: async () => {
      if (family.echoes) await first.ask(family.push, target);
    },
    counts: async () => {
      const [ofFirst, ofSecond] = await Promise.all(
        [first, second].map((till) => till.ask<number[]>('counts')),
      );
      const atCentre = await centre.ask<number>('count', family.collection);
      return [...(ofFirst ?? []), atCentre, ...(ofSecond ?? [])];
    },
    pids: async () => [centre, first, second].map(({ pid }) => pid),
    end: async () => {
      await Promise.all([first, second].map((child) => child.end()));
      await centre.end();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startPeers(): Promise<Peer[]> {
  await installPeers();
  return Promise.all([POUCH, MELON].map(startPeer));
}
