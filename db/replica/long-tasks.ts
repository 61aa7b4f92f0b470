import { guard } from '../errors.ts';
import type { Connection } from '../open.ts';
import { countDigests } from './bulk/count-digests.ts';
import { keyBatches } from './keys/key-batches.ts';
import { keyMerge } from './keys/key-merge.ts';
import { moveLog } from './repos/log-reader.ts';
import { standBack } from './turns.ts';

export { scrubDigests } from './bulk/scrub-digests.ts';
export { scanCards } from './repos/card-scan.ts';
export { checkReplica } from './check.ts';

/** Between two writes, so that whoever waits for the file gets it: it is not given in order of asking. */
const PAUSE_MS = 3;
const shortly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Pages that the log may hold while the tending goes on: moved in some 20 ms, here. */
const LOG_PAGES = 1_000;

/**
 * Makes missing keys, moves small runs into the big one, counts digests, empties the log: whatever is due. All
 * of it can be made again, so no commit waits for the disk.
 */
export async function tend(raw: Connection, turns: SharedArrayBuffer | undefined): Promise<void> {
  raw.pragma('synchronous = NORMAL');
  raw.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
  const pause = async (): Promise<void> => {
    await shortly();
    if (turns !== undefined) standBack(turns);
  };
  moveLog(raw);
  const batches = keyBatches(raw);
  while (await batches.makeNext(pause)) await pause();
  guard('replica', () => countDigests(raw));
  const merge = keyMerge(raw);
  if (!merge.isDue()) return;
  while (merge.moveNext()) await pause();
}
