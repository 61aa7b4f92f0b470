import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAckJournal } from '../../crm/ack-journal.ts';
import { createEraseList } from '../../crm/erase-list.ts';
import { projectFolder } from '../parts/postgres.ts';
import { buildRecorder, CutDisk, LEFTOVERS, readRecording, type Recorded } from '../parts/power-cut.ts';
import { createRandom } from '../sim/random.ts';

const IMAGES = 1_000;
const GUARD_IMAGES = 200;
const SEED = Number(process.env['STORM_SEED'] ?? 1_123);
const LINES = 240;
const LINES_PER_LIFE = 120;

/** Lines as fast as the disk takes them, a dump now and then that cuts the journal, and erasures. */
const WRITER = `
  import { join } from 'node:path';
  import { openAckJournal } from './crm/ack-journal.ts';
  import { createEraseList } from './crm/erase-list.ts';
  import { writeSafely } from './crm/pglite-state.ts';
  import { newId } from './sync/base/ids.ts';
  const [folder, from, to] = process.argv.slice(1);
  const journal = await openAckJournal(folder);
  const list = createEraseList(join(folder, 'erased.list'));
  const append = async (lineNo) => {
    await journal.append({ lineNo, changes: [['update t set a = $1', ['x'.repeat((lineNo * 97) % 1500)]]] });
    process.send({ line: lineNo });
  };
  for (let lineNo = Number(from); lineNo < Number(to); lineNo += 3) {
    await Promise.all([append(lineNo), append(lineNo + 1), append(lineNo + 2)]);
    if (lineNo % 5 === 0) {
      const memberId = newId();
      await list.add([{ memberId, atMs: lineNo }]);
      process.send({ erased: memberId });
    }
    if (lineNo % 13 === 0) {
      await journal.rotate();
      await writeSafely(join(folder, 'pglite.dump'), String(lineNo + 2));
      await journal.dropOld();
    }
  }
  process.send({ end: true });
  setInterval(() => undefined, 1000);`;

let work: string;
let folder: string;
let events: Recorded[];

/** One life of the process; it ends by SIGKILL. */
async function live(library: string, log: string, [from, to]: readonly [number, number]): Promise<void> {
  const flags = ['--experimental-strip-types', '--input-type=module', '-e', WRITER];
  const child = spawn(process.execPath, [...flags, folder, String(from), String(to)], {
    cwd: projectFolder,
    env: { ...process.env, LD_PRELOAD: library, RECORDER_LOG: log, RECORDER_FOLDER: folder },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    child.on('message', (said: { end?: true }) => said.end === true && resolve());
    child.on('exit', () => reject(new Error('the writer ended by itself')));
  });
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  await (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : gone);
}

beforeAll(async () => {
  work = mkdtempSync('/dev/shm/counterfoil-centre-cut-');
  folder = join(work, 'live');
  mkdirSync(folder);
  const [library, log] = [buildRecorder(work), join(work, 'events')];
  for (let from = 1; from <= LINES; from += LINES_PER_LIFE)
    await live(library, log, [from, from + LINES_PER_LIFE]);
  events = readRecording(log);
}, 120_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Said {
  lines: Set<number>;
  erased: Set<string>;
}

/** Adds what the process told after it was safe. */
function hear({ kind, data }: Recorded, { lines, erased }: Said): void {
  if (kind !== 'said') return;
  const text = data.toString('latin1');
  for (const [, lineNo] of text.matchAll(/"line":(\d+)/g)) lines.add(Number(lineNo));
  for (const [, memberId] of text.matchAll(/"erased":"([0-9a-f-]{36})"/g)) erased.add(memberId ?? '');
}

const KEPT = /^(acks\.journal(\.old)?|erased\.list|pglite\.dump)$/;

interface Found {
  /** Confirmed lines and erasures that a start would not find. */
  lostLines: number;
  lostErased: number;
  /** Lines that come twice, or not one after the other: nothing behind them is done again. */
  outOfOrder: number;
}

async function inspect(image: string, said: Said, found: Found): Promise<void> {
  const dumped = Number(readText(join(image, 'pglite.dump')) || '0');
  const journal = await openAckJournal(image);
  const lines = (await journal.read()).map(({ lineNo }) => lineNo).filter((lineNo) => lineNo > dumped);
  await journal.close();
  found.outOfOrder += lines.filter((lineNo, at) => lineNo !== dumped + at + 1).length;
  const known = new Set(lines);
  found.lostLines += [...said.lines].filter((lineNo) => lineNo > dumped && !known.has(lineNo)).length;
  const named = await createEraseList(join(image, 'erased.list')).read();
  found.lostErased += [...said.erased].filter((memberId) => !named.has(memberId)).length;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Cuts the power at moments at random, each with its four leftovers. */
async function cut(images: number, isLie?: (name: string) => boolean): Promise<Found & { images: number }> {
  const random = createRandom(SEED);
  const cuts = Array.from({ length: images / LEFTOVERS.length }, () => random.int(events.length + 1));
  const start = mkdtempSync(join(work, 'start-'));
  const disk = new CutDisk(start, isLie, (name) => KEPT.test(name) || name === 'pglite.dump.part');
  const said: Said = { lines: new Set(), erased: new Set() };
  const found = { images: 0, lostLines: 0, lostErased: 0, outOfOrder: 0 };
  let at = 0;
  for (const end of cuts.toSorted((left, right) => left - right)) {
    for (const event of events.slice(at, end)) {
      disk.apply(event);
      hear(event, said);
    }
    at = Math.max(at, end);
    for (const leftover of LEFTOVERS) {
      const image = join(work, 'image');
      rmSync(image, { recursive: true, force: true });
      mkdirSync(image);
      disk.writeImage(image, leftover, random);
      await inspect(image, said, found);
      found.images += 1;
    }
  }
  return found;
}

test(`${IMAGES} cuts of the power at a centre: no line of the journal and no erasure that was confirmed is lost (seed ${SEED})`, async () => {
  const said: Said = { lines: new Set(), erased: new Set() };
  for (const event of events) hear(event, said);
  // Otherwise no image could show a loss.
  expect([said.lines.size, said.erased.size]).toEqual([LINES, 16]);
  expect(await cut(IMAGES)).toEqual({ images: IMAGES, lostLines: 0, lostErased: 0, outOfOrder: 0 });
});

test('with a disk that lies about either file its lines are lost: the checks see it', async () => {
  expect((await cut(GUARD_IMAGES, (name) => name.startsWith('acks.journal'))).lostLines).toBeGreaterThan(0);
  expect((await cut(GUARD_IMAGES, (name) => name === 'erased.list')).lostErased).toBeGreaterThan(0);
});
