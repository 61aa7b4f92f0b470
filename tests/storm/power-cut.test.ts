import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { newId, type OpId } from '../../sync/base/ids.ts';
import { buildNormalCore, CORE_FOLDER, openImage } from '../parts/cut-images.ts';
import { forkCore, type ForkedCore } from '../parts/forked-core.ts';
import { buildRecorder, CutDisk, LEFTOVERS, readRecording, type Recorded } from '../parts/power-cut.ts';
import { PINS } from '../parts/shop.ts';
import { addStampCard } from '../parts/storm-ledger.ts';
import { KEY_HEX, seedFolder } from '../parts/till.ts';
import { createRandom } from '../sim/random.ts';

const IMAGES = 1_500;
const GUARD_IMAGES = 100;
const PRESSES = 300;
const LIVES = 3;
const SEED = Number(process.env['STORM_SEED'] ?? 1_122);
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

interface Recording {
  /** The folder before the first event. */
  base: string;
  events: Recorded[];
  pressed: ReadonlySet<string>;
}

let work: string;
let library: string;
beforeAll(() => {
  // Images are many and short-lived: in memory, where a sync costs nothing.
  work = mkdtempSync('/dev/shm/counterfoil-cut-');
  library = buildRecorder(work);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function pressTimes(core: ForkedCore, pressed: Set<string>): Promise<void> {
  const client = createCoreClient(core.port);
  await client['session.signIn']({ login: 'cashier', pin: PINS.cashier });
  const cardId = await addStampCard(client, 'Cut');
  for (let press = 0; press < PRESSES / LIVES; press += 1) {
    const opId = newId<OpId>();
    pressed.add(opId);
    await client['stamps.add']({ opId, cardId, count: 1 });
  }
}

/** Stamps in several lives of a core; every life but the last ends by SIGKILL, so that recovery is in there too. */
async function record(bundle: string): Promise<Recording> {
  const dir = mkdtempSync(join(work, 'live-'));
  await seedFolder(dir);
  writeFileSync(join(dir, 'till.key'), KEY_HEX, { mode: 0o600 });
  const base = mkdtempSync(join(work, 'base-'));
  cpSync(dir, base, { recursive: true });
  const recording = `${dir}.events`;
  const env = { LD_PRELOAD: library, RECORDER_LOG: recording, RECORDER_FOLDER: dir };
  const pressed = new Set<string>();
  for (let life = 1; life <= LIVES; life += 1) {
    const core = await forkCore(dir, env, { bundle });
    await pressTimes(core, pressed);
    if (life < LIVES) await core.kill();
    else await core.close();
  }
  return { base, events: readRecording(recording), pressed };
}

interface Found {
  images: number;
  /** What is wrong with files, in words. */
  problems: string[];
  /** Confirmed ops that `till.db` alone did not have, and that were not there after the start either. */
  lostInFile: number;
  lost: number;
}

function inspect(image: string, saved: ReadonlySet<string>, found: Found): void {
  const { lostInFile, lost, problems } = openImage(image, saved);
  found.lostInFile += lostInFile;
  found.lost += lost;
  found.problems.push(...problems);
}

/** Pressed ids in what the core told its page; its other events tell nobody. */
const idsIn = ({ kind, data }: Recorded, pressed: ReadonlySet<string>): string[] =>
  kind === 'said' ? (data.toString('latin1').match(UUID) ?? []).filter((id) => pressed.has(id)) : [];

/** Cuts the power at moments at random, each with its four leftovers. */
function cut(recording: Recording, images: number, isLie?: (name: string) => boolean): Found {
  const random = createRandom(SEED);
  const { events, pressed, base } = recording;
  const cuts = Array.from({ length: Math.ceil(images / LEFTOVERS.length) }, () =>
    random.int(events.length + 1),
  );
  cuts.sort((left, right) => left - right);
  const disk = new CutDisk(base, isLie);
  const saved = new Set<string>();
  const found: Found = { images: 0, problems: [], lostInFile: 0, lost: 0 };
  let at = 0;
  for (const end of cuts) {
    for (const event of events.slice(at, end)) {
      disk.apply(event);
      idsIn(event, pressed).forEach((id) => saved.add(id));
    }
    at = Math.max(at, end);
    for (const leftover of LEFTOVERS) {
      const image = join(work, 'image');
      rmSync(image, { recursive: true, force: true });
      mkdirSync(image);
      disk.writeImage(image, leftover, random);
      inspect(image, saved, found);
      found.images += 1;
    }
  }
  return found;
}

test(`${IMAGES} cuts of the power: nothing confirmed is lost, no file is broken (seed ${SEED})`, async () => {
  const recording = await record(join(CORE_FOLDER, 'index.cjs'));
  const said = recording.events
    .filter(({ kind }) => kind === 'said')
    .map(({ data }) => data.toString('latin1'));
  // Otherwise no image could show a loss.
  expect([...recording.pressed].filter((opId) => !said.some((text) => text.includes(opId)))).toEqual([]);
  const { images, ...found } = cut(recording, IMAGES);
  expect(found).toEqual({ problems: [], lostInFile: 0, lost: 0 });
  expect(images).toBeGreaterThanOrEqual(IMAGES);
});

test('with synchronous = NORMAL the file loses what was confirmed, and the spill file puts it back', async () => {
  const recording = await record(buildNormalCore());
  const honest = cut(recording, GUARD_IMAGES);
  expect(honest.lostInFile).toBeGreaterThan(0);
  expect([honest.lost, honest.problems]).toEqual([0, []]);
  // Both unsynced: the checks themselves must see it.
  expect(cut(recording, GUARD_IMAGES, (name) => name.startsWith('spill.')).lost).toBeGreaterThan(0);
});
