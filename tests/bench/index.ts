/**
 * `npm run bench [-- --json FILE --members N --tills N --only PART,PART]`: each figure of the product beside
 * what the machine itself takes.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { inspect, parseArgs } from 'node:util';
import { benchBootstrap, benchDigests, benchIdle } from './feed.ts';
import { benchPull } from './feed-pull.ts';
import { benchCheck } from './check.ts';
import { benchDecode } from './decode.ts';
import { type FeedSite, startFeedSite } from './feed-site.ts';
import { type Figure, toTable } from './figure.ts';
import { benchGrid } from './grid.ts';
import { benchGridPage } from './grid-page.ts';
import { benchGigabyte } from './import-gigabyte.ts';
import { benchImports, IMPORT_ROWS } from './imports.ts';
import { benchLookup } from './lookup.ts';
import { benchMemory } from './memory.ts';
import { benchMessages } from './messages.ts';
import { benchOffice } from './office.ts';
import { benchPeers } from './peers.ts';
import { benchPort } from './port.ts';
import { benchPullOps } from './pull-ops.ts';
import { type BigReplica, makeBigReplica, makeTillFolder } from './replica.ts';
import { benchReturn, TILLS } from './return.ts';
import { benchSegments } from './segments.ts';
import { benchSegmentsPage } from './segments-page.ts';
import { benchScan } from './scan.ts';
import { benchSeen } from './seen.ts';
import { benchSearch } from './search.ts';
import { type Stage, setStage } from './stage.ts';
import { benchStamp } from './stamp.ts';
import { benchStart } from './start.ts';
import { type SyncSite, startSyncSite } from './sync-site.ts';
import { benchCrowd, benchPush } from './sync.ts';

const MEMBERS = 1_000_000;
/** What a push costs hangs on the ops, not on how many members there are. */
const SYNC_MEMBERS = 100_000;
/** Parts that measure centres only; a run of nothing else makes no big copy. */
const COPYLESS = new Set(['idle', 'push', 'crowd', 'seen', 'peers', 'return', 'imports', 'gigabyte']);
const COPY_MIN = 1_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a part of the bench gets: its own till of the big chain, and a real Electron if it needs one. */
interface Sites {
  big: BigReplica;
  members: number;
  /** Of the file in `imports`. */
  rows: number;
  /** How many come back in `return`. */
  tills: number;
  runFolder: string;
  tillFolder: string;
  stage: () => Promise<Stage>;
  /** A CRM on PostgreSQL with as many members. */
  feed: () => Promise<FeedSite>;
  /** A CRM in a process of its own, as a shop has it. */
  sync: () => Promise<SyncSite>;
}

type Part = (sites: Sites) => Promise<Figure[]>;

const PARTS: Readonly<Record<string, Part>> = {
  'look-up': ({ tillFolder, members }) => benchLookup(tillFolder, members),
  grid: async ({ tillFolder, stage }) => [
    ...(await benchGrid(tillFolder)),
    ...(await benchGridPage(await stage(), tillFolder)),
  ],
  decode: ({ tillFolder, members }) => benchDecode(tillFolder, members),
  search: ({ tillFolder, members }) => benchSearch(tillFolder, members),
  imports: ({ rows }) => benchImports(rows),
  gigabyte: () => benchGigabyte(),
  stamp: ({ tillFolder, members }) => benchStamp(tillFolder, members),
  check: async ({ tillFolder, members }) => benchCheck(tillFolder, members),
  segments: async ({ big, stage }) => [
    ...(await benchSegments(big)),
    ...(await benchSegmentsPage(await stage(), big)),
  ],
  office: ({ big, tillFolder }) => benchOffice(big, tillFolder),
  messages: async ({ big, feed }) => benchMessages(big, await feed()),
  port: async (sites) => benchPort({ ...sites, stage: await sites.stage() }),
  scan: async (sites) => benchScan({ ...sites, stage: await sites.stage() }),
  start: async (sites) => benchStart({ ...sites, stage: await sites.stage() }),
  bootstrap: async ({ feed, runFolder }) => benchBootstrap(await feed(), runFolder),
  digests: async ({ feed, runFolder }) => benchDigests(await feed(), runFolder),
  pull: async ({ feed, ...folders }) => benchPull(await feed(), folders),
  idle: async ({ feed }) => benchIdle(await feed()),
  push: async ({ sync }) => benchPush(await sync()),
  crowd: async ({ sync }) => benchCrowd(await sync()),
  'pull-ops': async ({ sync, runFolder }) => benchPullOps(await sync(), runFolder),
  seen: () => benchSeen(),
  peers: async ({ sync }) => benchPeers(await sync()),
  return: async ({ sync, tills }) => benchReturn(await sync(), tills),
  memory: async (sites) => {
    // Builds the core if need be.
    await sites.stage();
    return benchMemory(sites.tillFolder, sites.members);
  },
};

interface Asked {
  members: number;
  rows: number;
  tills: number;
  jsonPath: string | undefined;
  parts: [name: string, part: Part][];
}

function readArguments(): Asked {
  const { values } = parseArgs({
    options: {
      members: { type: 'string' },
      tills: { type: 'string', default: String(TILLS) },
      json: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const names = values.only?.split(',');
  const [members, tills] = [Number(values.members ?? MEMBERS), Number(values.tills)];
  if (!Number.isInteger(members) || members < COPY_MIN) throw new Error('--members: a number from 1000');
  if (!Number.isInteger(tills) || tills < 1) throw new Error('--tills: a number from 1');
  const rows = values.members === undefined ? IMPORT_ROWS : members;
  const parts = Object.entries(PARTS).filter(([name]) => names === undefined || names.includes(name));
  return { members, rows, tills, jsonPath: values.json, parts };
}

function describe({ members, wasCached, buildSeconds, rowsPerSecond }: BigReplica): string {
  const made = `${buildSeconds.toFixed(1)} s, ${rowsPerSecond} rows/s`;
  return `replica of ${members} members: ${wasCached ? `of an earlier run, which took ${made}` : made}`;
}

/** The same stage for all parts, set when the first one asks. */
function createOnce<Thing extends { end(): unknown }>(make: () => Promise<Thing>) {
  let stage: Promise<Thing> | undefined;
  return {
    get: (): Promise<Thing> => (stage ??= make()),
    end: async (): Promise<void> => {
      await (await stage)?.end();
    },
  };
}

/** @param figures Where each part puts its own: what was measured is told, also when a later part can not run. */
async function measure(
  big: BigReplica,
  { members, rows, tills, parts }: Asked,
  figures: Figure[],
): Promise<void> {
  const { runFolder } = big;
  const stage = createOnce(setStage);
  const feed = createOnce(() => startFeedSite(members));
  const sync = createOnce(() => startSyncSite(Math.min(members, SYNC_MEMBERS)));
  try {
    for (const [name, part] of parts) {
      say(`${name} …`);
      const tillFolder = await makeTillFolder(big);
      figures.push(
        ...(await part({
          big,
          members,
          rows,
          tills,
          runFolder,
          tillFolder,
          stage: stage.get,
          feed: feed.get,
          sync: sync.get,
        })),
      );
    }
  } finally {
    await stage.end();
    await feed.end();
    await sync.end();
  }
}

async function run(): Promise<void> {
  const asked = readArguments();
  const { jsonPath, parts } = asked;
  const needsCopy = parts.some(([name]) => !COPYLESS.has(name));
  const big = await makeBigReplica(needsCopy ? asked.members : COPY_MIN);
  say(describe(big));
  const figures: Figure[] = [];
  try {
    await measure(big, asked, figures).finally(() => say(toTable(figures)));
    if (jsonPath === undefined) return;
    const { members, buildSeconds, rowsPerSecond } = big;
    const replica = { members, buildSeconds, rowsPerSecond };
    writeFileSync(jsonPath, `${JSON.stringify({ figures, replica }, null, 2)}\n`);
  } finally {
    rmSync(big.runFolder, { recursive: true, force: true });
  }
}

// A missed goal is a figure to look at, never a failure: only a bench that can not run ends with an error.
run().catch((cause: unknown) => {
  // With what caused it: a line that broke says why only there.
  process.stderr.write(`${inspect(cause)}\n`);
  process.exit(1);
});
