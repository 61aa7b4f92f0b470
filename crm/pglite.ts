import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lockFolder } from './folder-lock.ts';

export interface EmbeddedDatabase {
  host: string;
  port: number;
  close(): Promise<void>;
}

/** Bundled, the worker is a file beside this one; in development Node runs the source. */
function workerFile(): URL {
  const here = import.meta.url;
  const name = here.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.cjs';
  return new URL(name, here);
}

/**
 * A PGlite of this process alone. Its socket lies in a folder that only this user can enter, because PGlite
 * asks nobody for a password. Safe against the death of the process, not against loss of power (it never
 * calls fsync).
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
  const workerData = {
    folder: join(folder, 'pglite'),
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
    worker.on('error', (cause) => onDeath(cause));
    worker.on('exit', (code) => {
      if (!isClosing) onDeath(new Error(`the database worker ended with code ${code}`));
    });
    const close = async (): Promise<void> => {
      isClosing = true;
      worker.postMessage('close');
      await once(worker, 'message');
      await release();
    };
    const port = isPiped ? 5432 : Number(ready.address.split(':').at(-1));
    return { host: isPiped ? socketFolder : '127.0.0.1', port, close };
  } catch (cause) {
    await release();
    throw cause;
  }
}
