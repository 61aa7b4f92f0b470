import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCoreClient } from '../../electron/hosts/client.ts';
import type { OpId } from '../../sync/base/ids.ts';
import { openImage } from '../parts/cut-images.ts';
import { forkCore } from '../parts/forked-core.ts';
import { PINS } from '../parts/shop.ts';
import { addStampCard, stamp } from '../parts/storm-ledger.ts';
import { KEY_HEX, seedFolder } from '../parts/till.ts';
import { createRandom } from '../sim/random.ts';

const CUTS = 500;
const PRESSES = 60;
const SEED = Number(process.env['STORM_SEED'] ?? 1_122);

let work: string;
/** A till that was killed with all its work still in the WAL. */
let dir: string;
const confirmed = new Set<OpId>();

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'counterfoil-wal-'));
  dir = join(work, 'till');
  cpSync(mkdtempSync(join(work, 'new-')), dir, { recursive: true });
  await seedFolder(dir);
  writeFileSync(join(dir, 'till.key'), KEY_HEX, { mode: 0o600 });
  const core = await forkCore(dir);
  const client = createCoreClient(core.port);
  await client['session.signIn']({ login: 'cashier', pin: PINS.cashier });
  const till = { client, confirmed, cardId: await addStampCard(client, 'Wal') };
  for (let press = 0; press < PRESSES; press += 1) await stamp(till);
  await core.kill();
}, 60_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

test(`${CUTS} WALs cut anywhere, half of them with garbage behind: each opens, each loss is noticed and put back (R-D4, seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const wal = readFileSync(join(dir, 'till.db-wal'));
  let losses = 0;
  for (let cut = 0; cut < CUTS; cut += 1) {
    const image = join(work, 'image');
    rmSync(image, { recursive: true, force: true });
    cpSync(dir, image, { recursive: true });
    // The index of the WAL is memory, and goes with the power.
    rmSync(join(image, 'till.db-shm'), { force: true });
    const kept = wal.subarray(0, random.int(wal.length));
    const garbage = Buffer.from(Array.from({ length: random.int(5_000) }, () => random.int(256)));
    writeFileSync(join(image, 'till.db-wal'), cut % 2 === 0 ? kept : Buffer.concat([kept, garbage]));
    const { lostInFile, rescued, lost, problems } = openImage(image, confirmed);
    expect({ cut, isNoticed: rescued >= lostInFile, lost, problems }).toEqual({
      ...{ cut, isNoticed: true, lost: 0, problems: [] },
    });
    if (lostInFile > 0) losses += 1;
  }
  // Otherwise nothing was there to be noticed.
  expect(losses).toBeGreaterThan(CUTS / 2);
});
