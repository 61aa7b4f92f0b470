/** Tills that keep their stamps in PouchDB, on LevelDB: one in each folder given as argument. */
import { join } from 'node:path';
import { answerParent } from '../answering.ts';
import { Pouch } from './pouch.ts';
import type { PeerStamp } from './stamp.ts';

const BATCH = 500;

const tills = process.argv.slice(2).map((folder) => new Pouch(join(folder, 'till')));
/** Full batches; ten may be under way, as its default says. */
const OPTIONS = { batch_size: BATCH };

/** All of them at once. */
async function replicate(way: 'to' | 'from', url: string): Promise<void> {
  const results = await Promise.all(tills.map((till) => till.replicate[way](url, OPTIONS)));
  if (results.some(({ ok }) => !ok)) throw new Error('the replication was not whole');
}

async function fill(till: Pouch, stamps: readonly PeerStamp[]): Promise<void> {
  const results = await till.bulkDocs(stamps.map(({ opId, ...stamp }) => ({ _id: opId, ...stamp })));
  if (results.some(({ ok }) => ok !== true)) throw new Error('a document was refused');
}

answerParent({
  /** Each its own. */
  fill: (stamps: PeerStamp[][]) => Promise.all(tills.map((till, at) => fill(till, stamps[at] ?? []))),
  push: (url: string) => replicate('to', url),
  pull: (url: string) => replicate('from', url),
  counts: () => Promise.all(tills.map(async (till) => (await till.info()).doc_count)),
});
