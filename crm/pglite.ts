import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lockFolder } from './folder-lock.ts';
import { syncTree, wasCutOff, writeSafely, writeState } from './pglite-state.ts';
import type { PgliteOrder, PgliteWorkerData } from './pglite-worker.ts';

export interface EmbeddedDatabase {
  host: string;
  port: number;
  /** True when the machine went down while the folder was open, and the database is the dump of before. */
  isRestored: boolean;
  /** Writes a copy to the disk that a power cut does not harm. Nobody may use the database meanwhile. */
  dump(): Promise<void>;
  close(): Promise<void>;
}

const toDump = (folder: string): string => join(folder, 'pglite.dump');

/**
 * Puts a data directory that can not be trusted aside, when there is a dump to go on from; without one it is
 * all there is.
 */
async function distrust(folder: string): Promise<boolean> {
  if (!(await wasCutOff(folder)) || !existsSync(toDump(folder))) return false;
  const aside = join(folder, `pglite.distrusted-${Date.now()}`);
  if (existsSync(join(folder, 'pglite'))) await rename(join(folder, 'pglite'), aside);
  return true;
}

/** Bundled, the worker is a file beside this one; in development Node runs the source. */
function workerFile(): URL {
  const here = import.meta.url;
  const name = here.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.cjs';
  return new URL(name, here);
}

/**
 * A PGlite of this process alone. Its socket lies in a folder that only this user can enter, because PGlite
 * asks nobody for a password. Safe against the death of the process by itself; it never calls fsync, so against
 * loss of power there are dumps and the journal of what was acknowledged.
 *
 * @param onDeath Called when the worker ends by itself; nothing can be stored from then on.
 * @throws When another process has `folder`.
 */
export async function startPglite(
  folder: string,
  onDeath: (cause: unknown) => void,
): Promise<EmbeddedDatabase> {
  const unlock = await lockFolder(folder);
  const isPiped = process.platform !== 'win32';
  const socketFolder = isPiped ? await mkdtemp(join(tmpdir(), 'counterfoil-')) : '';
  // Somewhat earlier, because file systems round their times.
  const openedAtMs = Date.now() - 5_000;
  const isRestored = await distrust(folder);
  await writeState(folder, false);
  const workerData: PgliteWorkerData = {
    folder: join(folder, 'pglite'),
    dump: isRestored ? toDump(folder) : null,
    port: 0,
    ...(isPiped && { path: join(socketFolder, '.s.PGSQL.5432') }),
  };
  const worker = new Worker(workerFile(), { workerData });
  const release = async (): Promise<void> => {
    await worker.terminate();
    if (isPiped) await rm(socketFolder, { recursive: true, force: true });
    await unlock();
  };
  try {
    const [ready] = (await once(worker, 'message')) as [{ address: string }];
    let isClosing = false;
    const order = (what: PgliteOrder): void => worker.postMessage(what);
    worker.on('error', (cause) => onDeath(cause));
    worker.on('exit', (code) => {
      if (!isClosing) onDeath(new Error(`the database worker ended with code ${code}`));
    });
    const close = async (): Promise<void> => {
      isClosing = true;
      order('close');
      await once(worker, 'message');
      await syncTree(join(folder, 'pglite'), openedAtMs);
      await writeState(folder, true);
      await release();
    };
    const dump = async (): Promise<void> => {
      order('dump');
      const [{ bytes }] = (await once(worker, 'message')) as [{ bytes: Uint8Array }];
      await writeSafely(toDump(folder), bytes);
    };
    const port = isPiped ? 5432 : Number(ready.address.split(':').at(-1));
    return { host: isPiped ? socketFolder : '127.0.0.1', port, isRestored, dump, close };
  } catch (cause) {
    await release();
    throw cause;
  }
}
