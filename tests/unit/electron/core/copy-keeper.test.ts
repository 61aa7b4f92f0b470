import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { createCopyKeeper } from '../../../../electron/core/copy-keeper.ts';
import type { CopySlot } from '../../../../electron/core/files.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../../../parts/till.ts';
import { opChain, shopRows, stamp } from '../../db/samples.ts';

let dir: string;
let slot: CopySlot;
let told: string[];
let resting: Promise<void> | null;

const keeperOf = () =>
  createCopyKeeper({
    slot,
    folder: { dataDir: dir, keyHex: KEY_HEX, log: pino({ level: 'silent' }) },
    rest: () => resting,
    onSwapped: () => void told.push(`swapped ${slot.copy.meta().cursor}`),
    onReplaced: () => void told.push('replaced'),
  });
const beside = (): string[] =>
  readdirSync(dir).filter((name) => /damaged|gone|before/.test(name) && !name.endsWith('-wal'));
/** Files go in the background. */
async function untilGone(name: string): Promise<void> {
  while (existsSync(join(dir, name))) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir, { rows: shopRows(5) });
  [told, resting] = [[], null];
  slot = {
    till: openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX }),
    copy: openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX }),
    onDiskFault: undefined,
  };
});
afterEach(() => {
  slot.copy.close();
  slot.till.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a centre that counts anew gets a fresh copy at once, once the thread has let the old one go', async () => {
  let rested: () => void = () => undefined;
  resting = new Promise((resolve) => (rested = resolve));
  const keeper = keeperOf();
  // Numbers gone while the rows are still there would count own ops twice: both go in one turn, the numbers first (I3).
  const seen: string[] = [];
  const renewing = keeper.renew(() => {
    seen.push(`numbers go at ${slot.copy.counts().members}`);
    queueMicrotask(() => seen.push(`next turn at ${slot.copy.counts().members}`));
  });
  expect([slot.copy.counts().members, seen]).toEqual([5, []]);
  rested();
  await renewing;
  expect(seen).toEqual(['numbers go at 5', 'next turn at 0']);
  expect([slot.copy.counts().members, slot.copy.meta()]).toEqual([0, { epoch: '', cursor: 0, settled: 0 }]);
  expect(told).toEqual(['swapped 0']);
  await untilGone('replica.db.gone');
  expect(beside()).toEqual([]);
  await keeper.close();
});

test('a damaged copy waits for the thread that works on it, and is replaced once', async () => {
  let rested: () => void = () => undefined;
  resting = new Promise((resolve) => (rested = resolve));
  const keeper = keeperOf();
  keeper.replaceDamaged();
  keeper.replaceDamaged();
  expect(told).toEqual([]);
  rested();
  await keeper.close();
  expect(told).toEqual(['swapped 0', 'replaced']);
  expect(beside()).toHaveLength(1);
});

test('a damaged copy is kept until the next is whole; a till of before an update until all is sent (I6)', async () => {
  const keeper = keeperOf();
  keeper.replaceDamaged();
  writeFileSync(join(dir, 'till.db.before-3'), 'an older till');
  expect(beside()).toHaveLength(2);
  slot.till.transaction(() => slot.till.ops.append(opChain()(stamp(1)), []));
  await keeper.removeOutlived();
  expect(beside()).toEqual(['till.db.before-3']);
  slot.till.ops.recordAcks([{ firstTseq: 1, count: 1, firstSeq: 101 }], []);
  await keeper.removeOutlived();
  expect([beside(), existsSync(join(dir, 'till.db'))]).toEqual([[], true]);
  await keeper.close();
});
