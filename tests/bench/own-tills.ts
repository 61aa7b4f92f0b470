/** Tills of the product: one in each folder given as argument, enrolled. The twin of `peers/*-till.ts`. */
import { answerParent } from './answering.ts';
import type { PeerStamp } from './peers/stamp.ts';
import { openFiles, syncTill, type OwnFiles } from './peers-own-files.ts';

const folders = process.argv.slice(2);
let tills: OwnFiles[] = [];

answerParent({
  /** Each its own. */
  fill: async (stamps: PeerStamp[][]) => {
    tills = folders.map(openFiles);
    await Promise.all(tills.map((till, at) => till.fill(stamps[at] ?? [])));
  },
  /** All of them at once. */
  push: async () => void (await Promise.all(tills.map((till) => till.push()))),
  counts: async () => tills.map((till) => till.countAcked()),
  settle: async () => {
    for (const till of tills.splice(0)) till.close();
    for (const folder of folders) await syncTill(folder);
  },
});
