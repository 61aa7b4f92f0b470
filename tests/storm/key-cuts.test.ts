import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadKey } from '../../electron/hosts/key-file.ts';
import { projectFolder } from '../parts/postgres.ts';
import { buildRecorder, CutDisk, LEFTOVERS, readRecording, type Recorded } from '../parts/power-cut.ts';
import { createRandom } from '../sim/random.ts';

const SEED = Number(process.env['STORM_SEED'] ?? 1_124);
/** Each moment again and again: what is left is drawn. */
const ROUNDS = 12;

/** A till's first start: its key, then a file that nothing else opens. */
const FIRST_START = `
  import { writeFileSync } from 'node:fs';
  import { join } from 'node:path';
  import { loadKey } from './electron/hosts/key-file.ts';
  const dataDir = process.argv[1];
  const key = loadKey({ dataDir, mayCreate: true, warn: () => undefined });
  process.send({ key }, () => writeFileSync(join(dataDir, 'till.db'), 'x'.repeat(4096), { flush: true }));`;

let work: string;
let events: Recorded[];
let key: string;

beforeAll(async () => {
  work = mkdtempSync('/dev/shm/counterfoil-key-cut-');
  const folder = join(work, 'live');
  mkdirSync(folder);
  const [library, log] = [buildRecorder(work), join(work, 'events')];
  const flags = ['--experimental-strip-types', '--input-type=module', '-e', FIRST_START];
  const child = spawn(process.execPath, [...flags, folder], {
    cwd: projectFolder,
    env: { ...process.env, LD_PRELOAD: library, RECORDER_LOG: log, RECORDER_FOLDER: folder },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [[said]] = (await Promise.all([once(child, 'message'), once(child, 'exit')])) as [
    [{ key: string }],
    unknown,
  ];
  key = said.key;
  events = readRecording(log);
}, 60_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** What the next start makes of an image: the key, none yet, or a till that nobody can open any more. */
function nextStart(image: string): string {
  const path = join(image, 'till.db');
  const isTill = existsSync(path) && statSync(path).size > 0;
  try {
    const found = loadKey({ dataDir: image, mayCreate: false, warn: () => undefined });
    return found === key ? 'the key' : 'another key';
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? 'unknown';
    return code === 'not_enrolled' && !isTill ? 'none yet' : code;
  }
}

/** Every moment of the first start, each with its leftovers: what is found before the key was told, and after. */
function cutEverywhere(isLie?: (name: string) => boolean): { before: Set<string>; after: Set<string> } {
  const random = createRandom(SEED);
  const start = mkdtempSync(join(work, 'start-'));
  const [before, after] = [new Set<string>(), new Set<string>()];
  let found = before;
  const disk = new CutDisk(start, isLie, (name) => /^till\.(db|key)/.test(name));
  for (const event of [null, ...events]) {
    if (event !== null) disk.apply(event);
    if (event?.kind === 'said' && event.data.includes(key)) found = after;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const leftover of LEFTOVERS) {
        const image = join(work, 'image');
        rmSync(image, { recursive: true, force: true });
        mkdirSync(image);
        disk.writeImage(image, leftover, random);
        found.add(nextStart(image));
      }
    }
  }
  return { before, after };
}

test('the power fails anywhere in a first start: the key is there as a whole or not yet, and before any file that needs it', () => {
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['write', 'sync', 'link']));
  expect(cutEverywhere()).toEqual({ before: new Set(['the key', 'none yet']), after: new Set(['the key']) });
});

test('with a disk that lies about the key a till is left that nobody can open: the checks see it', () => {
  const { after } = cutEverywhere((name) => name.startsWith('till.key'));
  expect([...after].some((each) => each !== 'the key')).toBe(true);
});
