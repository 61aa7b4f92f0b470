import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCoreClient } from '../../electron/hosts/client.ts';
import type { CardId, OpId } from '../../sync/base/ids.ts';
import { buildNormalCore, CORE_FOLDER, openImage } from '../parts/cut-images.ts';
import { forkCore } from '../parts/forked-core.ts';
import { makeImage, mountImage } from '../parts/mounts.ts';
import { PINS } from '../parts/shop.ts';
import { addStampCard, stamp } from '../parts/storm-ledger.ts';
import { KEY_HEX, seedFolder } from '../parts/till.ts';

const CUTS = 12;
const GUARD_CUTS = 6;
const PRESSES_PER_CUT = 5;
const IMAGE_MB = 32;

let work: string;
/** A till with a member: on so small a disk nobody is enrolled. */
let base: string;
let cardId: CardId;
beforeAll(async () => {
  work = mkdtempSync('/dev/shm/counterfoil-disk-');
  base = join(work, 'base');
  mkdirSync(base);
  await seedFolder(base);
  writeFileSync(join(base, 'till.key'), KEY_HEX, { mode: 0o600 });
  const core = await forkCore(base);
  const client = createCoreClient(core.port);
  await client['session.signIn']({ login: 'cashier', pin: PINS.cashier });
  cardId = await addStampCard(client, 'Disk');
  await core.close();
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Found {
  problems: string[];
  /** Cuts after which `till.db` alone had not all that was confirmed. */
  losses: number;
  lost: number;
}

/** What a machine finds after a cut: the file system as the disk has it, its journal played back. */
function inspect(image: string, confirmed: ReadonlySet<string>, found: Found): void {
  const disk = mountImage(image);
  try {
    const { lostInFile, lost, problems } = openImage(join(disk.folder, 'till'), confirmed);
    if (lostInFile > 0) found.losses += 1;
    found.lost += lost;
    found.problems.push(...problems);
  } finally {
    disk.end();
  }
}

/** Stamps at a till on an ext4; between them it is held still and what is on its disk by then is looked at. */
async function cutTimes(name: string, { bundle, cuts }: { bundle: string; cuts: number }): Promise<Found> {
  const image = join(work, name);
  makeImage(image, IMAGE_MB);
  const disk = mountImage(image);
  const found: Found = { problems: [], losses: 0, lost: 0 };
  let onEnd = (): Promise<void> => Promise.resolve();
  try {
    const dir = join(disk.folder, 'till');
    cpSync(base, dir, { recursive: true });
    // A copy is on the disk when somebody says so.
    execFileSync('sync', ['-f', dir]);
    const core = await forkCore(dir, {}, { bundle });
    onEnd = core.kill;
    const client = createCoreClient(core.port);
    await client['session.signIn']({ login: 'cashier', pin: PINS.cashier });
    const till = { client, confirmed: new Set<OpId>(), cardId };
    for (let cut = 0; cut < cuts; cut += 1) {
      for (let press = 0; press < PRESSES_PER_CUT; press += 1) await stamp(till);
      const saved = new Set<string>(till.confirmed);
      core.child.kill('SIGSTOP');
      copyFileSync(image, `${image}.cut`);
      core.child.kill('SIGCONT');
      inspect(`${image}.cut`, saved, found);
    }
  } finally {
    await onEnd();
    disk.end();
  }
  return found;
}

test(`${CUTS} cuts of the power under a real ext4 lose nothing that was confirmed (R-D3)`, async () => {
  const found = await cutTimes('full', { bundle: join(CORE_FOLDER, 'index.cjs'), cuts: CUTS });
  expect(found).toEqual({ problems: [], losses: 0, lost: 0 });
});

test('there too synchronous = NORMAL loses, and the spill file puts it back', async () => {
  const { losses, ...found } = await cutTimes('normal', { bundle: buildNormalCore(), cuts: GUARD_CUTS });
  expect([losses > 0, found]).toEqual([true, { problems: [], lost: 0 }]);
});
