import type { ImportEncoding } from '../../contract/imports.ts';
import { createEncodingFinder } from './reading/encoding.ts';

/**
 * Looks at a file while it comes, so that nobody waits for a gigabyte to be read once more when it is opened. Knows the
 * one that began last, and nothing of before the program's start: any other is read again.
 */
export function createArriving() {
  let latest: { runId: string; seen: number; finder: ReturnType<typeof createEncodingFinder> } | undefined;
  return {
    /** The bytes that were taken in at byte `at`. */
    look: (runId: string, at: number, bytes: Uint8Array): void => {
      if (bytes.length === 0) return;
      if (at === 0) latest = { runId, seen: 0, finder: createEncodingFinder() };
      if (latest?.runId !== runId || latest.seen !== at) return;
      latest.finder.look(bytes);
      latest.seen += bytes.length;
    },
    /** How a file of `size` bytes is to be read; null unless every one of them was seen here. */
    encodingOf: (runId: string, size: number): ImportEncoding | null =>
      latest?.runId === runId && latest.seen === size ? latest.finder.encoding() : null,
  };
}
export type Arriving = ReturnType<typeof createArriving>;
