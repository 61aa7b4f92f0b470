import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openFile } from '../../db/open.ts';
import type { CoreClient } from '../../electron/contract/index.ts';
import { IMPORT_BYTES_MAX, IMPORT_PIECE_BYTES_MAX } from '../../electron/contract/imports.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { forkCore } from '../parts/forked-core.ts';
import { PINS } from '../parts/shop.ts';
import { KEY_HEX, seedFolder } from '../parts/till.ts';
import { checkFile } from '../unit/electron/core/imports/files.ts';
import { type Figure, memoryFigure, plainFigure } from './figure.ts';
import { readProcess } from './process-figures.ts';
import { buildCore, ROOT } from './stage.ts';

const MB = 1_000_000;
const FILE_BYTES = 1_000 * MB;
/** The file as it comes, every row of it as it was checked, and what the disk needs besides. */
const DISK_BYTES_MIN = 6 * FILE_BYTES;
const ROW_BYTES = 1_010;
const HEAD = Buffer.from('full_name,mobile_number,notes\n');
const ROWS = Math.floor((FILE_BYTES - HEAD.length) / ROW_BYTES);
/** One row in so many has a number that is none. */
const WRONG_EVERY = 1_000;
const CORE_MB_MAX = 400;
const CANCEL_MS_MAX = 1_000;
const LEFT_MB_MAX = 64;
/** What is cancelled is overwritten first; longer it has no end. */
const GONE_MS_MAX = 10 * 60_000;
const POLL_MS = 500;

function rowAt(at: number): string {
  const mobile = at % WRONG_EVERY === WRONG_EVERY - 1 ? '12' : String(80_000_000 + at);
  const start = `Giga ${at},${mobile},`;
  return `${start.padEnd(ROW_BYTES - 1, 'n')}\n`;
}

/** The file as a page reads it off a disk, piece by piece: it is nowhere as a whole. */
function* pieces(): Generator<Buffer> {
  let waiting: Buffer = HEAD;
  for (let at = 0; at < ROWS || waiting.length > 0;) {
    const rows = [waiting];
    for (let size = waiting.length; size < IMPORT_PIECE_BYTES_MAX && at < ROWS; at += 1, size += ROW_BYTES)
      rows.push(Buffer.from(rowAt(at)));
    const all = Buffer.concat(rows);
    yield all.subarray(0, IMPORT_PIECE_BYTES_MAX);
    waiting = all.subarray(IMPORT_PIECE_BYTES_MAX);
  }
}

const mbOf = (dir: string): number => statSync(join(dir, 'imports.db')).size / MB;

async function send(client: CoreClient): Promise<string> {
  const runId = randomUUID();
  const byteCount = HEAD.length + ROWS * ROW_BYTES;
  await client['imports.begin']({ runId, fileName: 'gigabyte.csv', byteCount });
  let at = 0;
  for (const piece of pieces())
    ({ received: at } = await client['imports.put']({ runId, at, base64: piece.toString('base64') }));
  if (at !== byteCount) throw new Error(`${at} of ${byteCount} bytes came`);
  return runId;
}

async function untilGone(dir: string): Promise<void> {
  const endMs = performance.now() + GONE_MS_MAX;
  while (mbOf(dir) > LEFT_MB_MAX && performance.now() < endMs) await wait(POLL_MS);
}

/** Nothing is half imported: not a member, not an action, and nothing of the file is kept. */
async function assertNothing(client: CoreClient): Promise<void> {
  const { members, ownOps } = await client['till.verify']({});
  if (members + ownOps > 0)
    throw new Error(`${members} members and ${ownOps} actions came of a cancelled import`);
}
function assertForgotten(dir: string): void {
  const raw = openFile({ path: join(dir, 'imports.db'), keyHex: KEY_HEX, file: 'imports' });
  try {
    for (const table of ['import_pieces', 'import_rows', 'import_texts']) {
      const count = Number(raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
      if (count > 0) throw new Error(`${count} lines of ${table} are left of a cancelled import`);
    }
  } finally {
    raw.close();
  }
}

/** One byte more than is taken is refused before a byte came. */
async function assertTooLarge(client: CoreClient): Promise<void> {
  const asked = { runId: randomUUID(), fileName: 'larger.csv', byteCount: IMPORT_BYTES_MAX + 1 };
  const { refusal } = await client['imports.begin'](asked);
  if (refusal?.code !== 'FILE_TOO_LARGE') throw new Error('a file above the limit was not refused');
}

async function rehearse(client: CoreClient, dir: string, pid: number): Promise<Figure[]> {
  const idleMb = readProcess(pid).peakMb;
  const startMs = performance.now();
  const runId = await send(client);
  const opened = await client['imports.open']({ runId, encoding: null, delimiter: null });
  const sentMs = performance.now();
  const { state, counts } = await checkFile(client, opened);
  const wrong = Math.floor(ROWS / WRONG_EVERY);
  if (state !== 'checked' || counts.rows !== ROWS || counts.invalid !== wrong)
    throw new Error(`the rehearsal is ${state}: ${JSON.stringify(counts)}`);
  const checkedMs = performance.now();
  const fullMb = mbOf(dir);
  await client['imports.cancel']({ runId });
  const cancelMs = performance.now() - checkedMs;
  await untilGone(dir);
  await assertNothing(client);
  const left = mbOf(dir);
  const took = (name: string, ms: number, msMax: number): Figure =>
    plainFigure(name, [ms, msMax], { unit: 'ms', text: `≤ ${msMax} ms`, pass: ms <= msMax });
  return [
    took('a file of 1 GB: sent and opened', sentMs - startMs, GONE_MS_MAX),
    took('  its rehearsal', checkedMs - sentMs, GONE_MS_MAX),
    took('  its cancel answered', cancelMs, CANCEL_MS_MAX),
    plainFigure('  what it leaves on the disk', [left, fullMb], {
      ...{ unit: 'MB', text: `≤ ${LEFT_MB_MAX} MB`, pass: left <= LEFT_MB_MAX },
    }),
    memoryFigure('  peak of the core', [readProcess(pid).peakMb, idleMb], CORE_MB_MAX),
  ];
}

/** A CSV of a gigabyte, handed to a core of its own as a page does it: rehearsed, cancelled, and gone (R-F2). */
export async function benchGigabyte(): Promise<Figure[]> {
  await buildCore();
  const parent = join(ROOT, 'out/bench');
  mkdirSync(parent, { recursive: true });
  const { bavail, bsize } = statfsSync(parent);
  if (bavail * bsize < DISK_BYTES_MIN)
    throw new Error(
      `a file of a gigabyte takes ${DISK_BYTES_MIN / MB} MB of free disk at ${parent}: make room first`,
    );
  const dir = mkdtempSync(join(parent, 'gigabyte-'));
  try {
    await seedFolder(dir);
    writeFileSync(join(dir, 'till.key'), KEY_HEX, { mode: 0o600 });
    const core = await forkCore(dir);
    try {
      const client = createCoreClient(core.port);
      await client['session.signIn']({ login: 'manager', pin: PINS.manager });
      await assertTooLarge(client);
      return await rehearse(client, dir, core.child.pid ?? 0);
    } finally {
      await core.close();
      assertForgotten(dir);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
