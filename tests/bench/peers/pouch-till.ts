/** A till that keeps its stamps in PouchDB, on LevelDB in the folder given as argument. */
import { join } from 'node:path';
import { answerParent } from '../answering.ts';
import { Pouch } from './pouch.ts';
import type { PeerStamp } from './stamp.ts';

const BATCH = 500;

const pouch = new Pouch(join(process.argv[2] ?? '', 'till'));
/** Full batches; ten may be under way, as its default says. */
const OPTIONS = { batch_size: BATCH };

async function replicate(way: 'to' | 'from', url: string): Promise<number> {
  const { ok, docs_written: written } = await pouch.replicate[way](url, OPTIONS);
  if (!ok) throw new Error('the replication was not whole');
  return written;
}

answerParent({
  fill: async (stamps: PeerStamp[]) => {
    const results = await pouch.bulkDocs(stamps.map(({ opId, ...stamp }) => ({ _id: opId, ...stamp })));
    if (results.some(({ ok }) => ok !== true)) throw new Error('a document was refused');
  },
  push: (url: string) => replicate('to', url),
  pull: (url: string) => replicate('from', url),
  count: async () => (await pouch.info()).doc_count,
});
