/** A process that can be killed in the middle of a fill: what a replica's worker does, one task after the other. */
import { readFileSync } from 'node:fs';
import { runTask } from '../../db/replica/worker-tasks.ts';
import { must } from '../../sync/base/must.ts';

const [path, keyHex, ...images] = process.argv.slice(2).map((argument) => argument);
const place = { path: must(path, 'a path'), keyHex: must(keyHex, 'a key') };

async function run(): Promise<void> {
  process.send?.('begun');
  for (const [chunk, image] of images.entries()) {
    await runTask(place, { name: 'insertChunk', image: readFileSync(image), chunk });
  }
  if (images.length > 0) await runTask(place, { name: 'finishFill', end: { epoch: 'e1', cursor: 9 } });
  else await runTask(place, { name: 'tend' });
  process.send?.('done');
}

run().then(
  () => process.exit(0),
  (cause: unknown) => {
    process.stderr.write(String(cause));
    process.exit(1);
  },
);
