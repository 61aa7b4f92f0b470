import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ChunkRows, PackedChunk } from './chunk-worker.ts';

/** Bundled, the worker is a file beside this one; in development Node runs the source. */
function workerFile(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? './chunk-worker.ts' : './chunk-worker.cjs', here);
}

export interface ChunkPacker {
  /** One at a time. @throws When the worker fails; it can not be used any more then. */
  pack(rows: ChunkRows): Promise<PackedChunk>;
  close(): Promise<void>;
}

/** Makes and compresses database images away from the thread that answers tills. */
export function startChunkPacker(): ChunkPacker {
  const worker = new Worker(workerFile());
  const failed = new Promise<never>((_resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the worker that packs chunks ended with code ${code}`)));
  });
  // Heard from the start: an error that nobody hears ends the process. Whoever packs is told.
  failed.catch(() => undefined);
  return {
    pack: async (rows) => {
      const answered = once(worker, 'message') as Promise<[PackedChunk]>;
      worker.postMessage(rows);
      return (await Promise.race([answered, failed]))[0];
    },
    close: async () => void (await worker.terminate()),
  };
}
