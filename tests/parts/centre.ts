import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { build } from 'vite';
import type { Clock } from '../../sync/base/clock.ts';
import { CRM_NODE_FLAGS } from '../../build/node-flags.mjs';
import { startServer } from '../../crm/server.ts';
import { projectFolder } from './postgres.ts';

export interface CentrePart {
  url: string;
  /** Data folder of the embedded database; kept by `stop`, for whoever gave it. */
  folder: string;
  stop(): Promise<void>;
}

export interface CentrePartOptions {
  /** PostgreSQL to use; without it PGlite in `folder`. */
  databaseUrl?: string;
  /** Default: a new one, removed by `stop`. */
  folder?: string;
  isDemo?: boolean;
  isRestored?: boolean;
  clock?: Clock;
}

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'counterfoil-crm-'));

/** A real CRM in this process, on a free port. */
export async function startCentre(options: CentrePartOptions = {}): Promise<CentrePart> {
  const folder = options.folder ?? (await temporaryFolder());
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    folder,
    databaseUrl: options.databaseUrl ?? null,
    isDemo: options.isDemo ?? true,
    isRestored: options.isRestored ?? false,
    setupFile: null,
    clock: options.clock ?? { nowMs: () => Date.now() },
    log: pino({ level: 'silent' }),
    onDeath: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  };
  return { url: server.url, folder, stop };
}

export interface CentreChild extends CentrePart {
  process: ChildProcess;
  /** SIGKILL, and wait until it is gone. */
  kill(): Promise<void>;
}

/** Bundles the CRM as a release does, into `outFolder` inside the project, so that its packages are found. */
export async function bundleCentre(outFolder: string): Promise<string> {
  await build({
    configFile: join(projectFolder, 'build', 'vite.config.ts'),
    mode: 'crm',
    build: { outDir: outFolder },
  });
  return join(outFolder, 'index.cjs');
}

/**
 * A real CRM in a process of its own, from a bundle of `bundleCentre`. @throws When it ends before it
 * listens.
 */
export async function startCentreChild(
  bundle: string,
  options: { folder: string; databaseUrl?: string; args?: readonly string[] },
): Promise<CentreChild> {
  const args = [...CRM_NODE_FLAGS, bundle, '--port', '0', '--data', options.folder, ...(options.args ?? [])];
  const env = { ...process.env, DATABASE_URL: options.databaseUrl ?? '' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(child, 'exit');
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4_000)));
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line') as Promise<[string]>;
  const [line] = await Promise.race([first, gone.then((): [string] => [''])]);
  const url = /^listening on (http:\S+)$/.exec(line)?.[1];
  if (url === undefined) throw new Error(`the CRM did not start: ${complaints}`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  return {
    url,
    folder: options.folder,
    process: child,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
