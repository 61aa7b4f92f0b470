import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { adoptFillFile } from '../../db/replica/bulk/adopt-fill.ts';
import { replicaKeys } from '../../db/replica/keys/key-forms.ts';
import { beginFill, openReplica, replicaMigrations } from '../../db/replica/open.ts';
import { runTask, type WorkerTask } from '../../db/replica/worker-tasks.ts';
import { EMPTY_ROWS } from '../../sync/model/feed.ts';
import { shopDocuments } from '../parts/shop.ts';
import { KEY_HEX, seedFolder } from '../parts/till.ts';
import { bigChunk, MEMBERS_PER_CHUNK } from './chunks.ts';
import { GENERATOR_VERSION, rowsOf } from './members.ts';

const EPOCH = 'bench';
const ROWS_PER_MEMBER = 3;
/** Behind the documents, which `shopDocuments` numbers from 1. */
const SEQ = 101;
/** Members whose search keys tell whether the rules of the keys have changed. */
const SAMPLES = 100;

export interface BigReplica {
  path: string;
  /** Where this run's tills live; on the same disk as the replica, so that it can be linked. */
  runFolder: string;
  members: number;
  wasCached: boolean;
  buildSeconds: number;
  rowsPerSecond: number;
}

/**
 * From a snapshot's chunks, as a new till is filled, with search keys and digests. @returns seconds without
 * the generator
 */
export async function buildReplica(path: string, members: number): Promise<number> {
  const place = { path, keyHex: KEY_HEX };
  let workMs = 0;
  const timed = async (task: WorkerTask): Promise<void> => {
    const startMs = performance.now();
    await runTask(place, task);
    workMs += performance.now() - startMs;
  };
  beginFill(place, EPOCH);
  for (let chunk = 0; chunk * MEMBERS_PER_CHUNK < members; chunk += 1) {
    const first = chunk * MEMBERS_PER_CHUNK;
    const image = bigChunk({ first, count: Math.min(MEMBERS_PER_CHUNK, members - first) }, SEQ);
    await timed({ name: 'insertChunk', image, chunk });
  }
  await timed({ name: 'finishFill', end: { epoch: EPOCH, cursor: SEQ } });
  adoptFillFile(path);
  await timed({ name: 'tend' });
  const replica = openReplica(place);
  const documents = await shopDocuments();
  replica.apply({ ...EMPTY_ROWS, documents }, { epoch: EPOCH, cursor: SEQ, isSettled: true });
  replica.close();
  return workMs / 1_000;
}

/** Two runs share a replica only when schema, rules of the keys and generator are the same. */
function cacheFolder(members: number): string {
  const samples = Array.from({ length: SAMPLES }, (_, at) => replicaKeys(rowsOf(at, 0).member));
  const made = JSON.stringify([replicaMigrations, samples, GENERATOR_VERSION, members]);
  const hash = createHash('sha256').update(made).digest('hex').slice(0, 16);
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'counterfoil', `bench-${hash}`);
}

/** The encrypted replica of a big chain: made now, or by an earlier run. */
export async function makeBigReplica(members: number): Promise<BigReplica> {
  const folder = cacheFolder(members);
  const path = join(folder, 'replica.db');
  const notePath = join(folder, 'built.json');
  const wasCached = existsSync(notePath);
  mkdirSync(folder, { recursive: true });
  if (!wasCached) {
    const fresh = mkdtempSync(join(folder, 'part-'));
    const buildSeconds = await buildReplica(join(fresh, 'replica.db'), members);
    renameSync(join(fresh, 'replica.db'), path);
    rmSync(fresh, { recursive: true });
    const rowsPerSecond = Math.round((members * ROWS_PER_MEMBER) / buildSeconds);
    writeFileSync(notePath, JSON.stringify({ buildSeconds, rowsPerSecond }));
  }
  const note = JSON.parse(readFileSync(notePath, 'utf8')) as Pick<
    BigReplica,
    'buildSeconds' | 'rowsPerSecond'
  >;
  return { path, runFolder: mkdtempSync(join(folder, 'run-')), members, wasCached, ...note };
}

/**
 * Reads the file once, so that all that is measured is warm: the system has it in memory, as in a running
 * shop.
 */
function warm(path: string): void {
  const chunk = Buffer.alloc(4 * 1024 * 1024);
  const file = openSync(path, 'r');
  while (readSync(file, chunk, 0, chunk.length, null) > 0);
  closeSync(file);
}

/**
 * A new till of the big chain: its own file is fresh, the replica is the shared one under a second name,
 * since nothing here writes to it and copying a gigabyte would empty the disk's cache.
 */
export async function makeTillFolder(big: BigReplica): Promise<string> {
  warm(big.path);
  const dir = mkdtempSync(join(big.runFolder, 'till-'));
  await seedFolder(dir);
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `replica.db${suffix}`), { force: true });
  linkSync(big.path, join(dir, 'replica.db'));
  writeFileSync(join(dir, 'till.key'), `${KEY_HEX}\n`, { mode: 0o600 });
  return dir;
}
