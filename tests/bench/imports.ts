import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { openFile } from '../../db/open.ts';
import { transact } from '../../db/transaction.ts';
import { TEMPLATE } from '../../electron/core/imports/columns.ts';
import { writeXlsx } from '../../electron/core/imports/sheet/xlsx-writer.ts';
import { AppError } from '../../electron/contract/errors.ts';
import type { CallInput, CoreClient } from '../../electron/contract/index.ts';
import { IMPORT_PIECE_BYTES_MAX, type ImportRun } from '../../electron/contract/imports.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { forkCore } from '../parts/forked-core.ts';
import { PINS } from '../parts/shop.ts';
import { KEY_HEX } from '../parts/till.ts';
import { type Figure, memoryFigure, plainFigure } from './figure.ts';
import { readProcess } from './process-figures.ts';
import { type BigReplica, makeBigReplica, makeTillFolder } from './replica.ts';
import { buildCore } from './stage.ts';

/** So many rows the goals are about; fewer have less time, in proportion. */
export const IMPORT_ROWS = 100_000;
/** Members of the till before. */
const BASE = 20_000;
const CSV_MS_MAX = 20_000;
const XLSX_MS_MAX = 40_000;
const CORE_MB_MAX = 400;
const WAIT_MS_MAX = 50;
/** A phase that takes longer has no end. */
const PHASE_MS_MAX = 5 * 60_000;
const POLL_MS = 50;
/** Each question is work for the core, too. */
const PING_MS = 10;

const GIVEN: Readonly<Record<string, (at: number) => string>> = {
  full_name: (at) => `Import ${at}, Person ${at % 977}`,
  address_street_1: (at) => `${at % 400} Example Road`,
  address_postal_code: (at) => String(at % 1_000_000).padStart(6, '0'),
  address_city: () => 'Singapore',
  notes: (at) => `line ${at}`,
  email: (at) => `person.${at}@example.org`,
  date_of_birth: (at) =>
    `${String((at % 28) + 1).padStart(2, '0')}/${String((at % 12) + 1).padStart(2, '0')}/1980`,
  gender: (at) => (at % 2 === 0 ? 'female' : 'male'),
  mobile_number: (at) => String(80_000_000 + at),
  lookup_id: (at) => `IMP-${at}`,
  allow_credit_transactions: () => 'FALSE',
  pdpa_consent: () => 'TRUE',
  marketing_materials_consent: (at) => (at % 3 === 0 ? 'TRUE' : ''),
};

const makeRows = (count: number): string[][] => [
  TEMPLATE.map(({ name }) => name),
  ...Array.from({ length: count }, (_, at) => TEMPLATE.map(({ name }) => GIVEN[name]?.(at) ?? '')),
];
const toCsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(',')).join('\n');

async function send(client: CoreClient, bytes: Uint8Array, fileName: string): Promise<string> {
  const runId = randomUUID();
  await client['imports.begin']({ runId, fileName, byteCount: bytes.length });
  for (let at = 0; at < bytes.length; at += IMPORT_PIECE_BYTES_MAX) {
    const piece = Buffer.from(bytes.subarray(at, at + IMPORT_PIECE_BYTES_MAX));
    await client['imports.put']({ runId, at, base64: piece.toString('base64') });
  }
  return runId;
}

async function untilDone(client: CoreClient, runId: string, wanted: ImportRun['state']): Promise<void> {
  const endMs = performance.now() + PHASE_MS_MAX;
  while (performance.now() < endMs) {
    const { state, counts } = await client['imports.get']({ runId });
    if (state === wanted) return;
    if (!['checking', 'running', 'undoing'].includes(state))
      throw new Error(`the import is ${state}: ${JSON.stringify(counts)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`the import is not ${wanted} after ${PHASE_MS_MAX} ms`);
}

type Check = CallInput<'imports.check'>;
const checkOf = (runId: string, columns: ImportRun['columns']): Check => ({
  ...{ runId, mode: 'create-and-update', columns: columns.map(({ to }) => to) },
  ...{ pointsCardTypeId: null, creditCardTypeId: null },
});

/** A big copy is got ready behind its start, and nobody can be compared before. */
async function untilReady(client: CoreClient): Promise<void> {
  const runId = await send(client, Buffer.from(toCsv(makeRows(1))), 'one.csv');
  const { columns } = await client['imports.open']({ runId, encoding: null, delimiter: null });
  for (const endMs = performance.now() + PHASE_MS_MAX; ;) {
    try {
      await client['imports.check'](checkOf(runId, columns));
      break;
    } catch (cause) {
      const isEarly = cause instanceof AppError && cause.code === 'import_not_ready';
      if (!isEarly || performance.now() > endMs) throw cause;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  await untilDone(client, runId, 'checked');
  await client['imports.cancel']({ runId });
}

/** Asks for nothing, again and again: the longest that an answer took is how long a cashier waits. */
function watchWaits(client: CoreClient): { end(): Promise<number> } {
  let [isOver, longestMs] = [false, 0];
  const asking = (async () => {
    while (!isOver) {
      const startMs = performance.now();
      await client['core.ping']({});
      longestMs = Math.max(longestMs, performance.now() - startMs);
      await new Promise((resolve) => setTimeout(resolve, PING_MS));
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await asking;
      return longestMs;
    },
  };
}

interface Spent {
  sendMs: number;
  checkMs: number;
  runMs: number;
  cpuMs: number;
  /** The longest that anybody else of the core had to wait. */
  waitMs: number;
  idleMb: number;
  peakMb: number;
}

interface Asked {
  bytes: Uint8Array;
  fileName: string;
  rows: number;
}

async function importAll(
  client: CoreClient,
  { bytes, fileName, rows }: Asked,
): Promise<Omit<Spent, 'cpuMs' | 'idleMb' | 'peakMb'>> {
  const startMs = performance.now();
  const runId = await send(client, bytes, fileName);
  const { columns } = await client['imports.open']({ runId, encoding: null, delimiter: null });
  const sentMs = performance.now();
  const waits = watchWaits(client);
  await client['imports.check'](checkOf(runId, columns));
  await untilDone(client, runId, 'checked');
  const checkedMs = performance.now();
  await client['imports.start']({ runId });
  await untilDone(client, runId, 'done');
  const doneMs = performance.now();
  const waitMs = await waits.end();
  const { counts } = await client['imports.get']({ runId });
  if (counts.done !== rows) throw new Error(`${counts.done} of ${rows} rows were imported`);
  return {
    ...{ sendMs: sentMs - startMs, checkMs: checkedMs - sentMs, runMs: doneMs - checkedMs, waitMs },
  };
}

/** In a core of its own, on a fresh till, as main forks it: from the first byte until every member is saved. */
async function inCore(dir: string, asked: Asked): Promise<Spent> {
  const { child, port, close } = await forkCore(dir);
  const pid = child.pid ?? 0;
  try {
    const client = createCoreClient(port);
    await client['session.signIn']({ login: 'manager', pin: PINS.manager });
    await untilReady(client);
    const before = readProcess(pid);
    const spent = await importAll(client, asked);
    const after = readProcess(pid);
    return {
      ...spent,
      cpuMs: (after.cpuS - before.cpuS) * 1_000,
      ...{ idleMb: before.peakMb, peakMb: after.peakMb },
    };
  } finally {
    await close();
  }
}

/** The same rows cut apart and put into an encrypted table, and nothing else. */
function bareInserts(folder: string, text: string): number {
  const startMs = performance.now();
  const raw = openFile({ path: join(folder, `bare-${randomUUID()}.db`), keyHex: KEY_HEX, file: 'imports' });
  raw.exec('CREATE TABLE bare (id INTEGER PRIMARY KEY, cells TEXT NOT NULL) STRICT');
  const insert = raw.prepare('INSERT INTO bare (cells) VALUES (?)');
  const { data } = Papa.parse<string[]>(text);
  for (let at = 0; at < data.length; at += 400) {
    transact(raw, () => {
      for (const cells of data.slice(at, at + 400)) insert.run(JSON.stringify(cells));
    });
  }
  raw.close();
  return performance.now() - startMs;
}

const goal = (msMax: number, value: number) => ({
  unit: 'ms',
  text: `≤ ${Math.round(msMax)} ms`,
  pass: value <= msMax,
});

function figuresOf(
  [kind, { rows, bareMs }]: readonly [string, { rows: number; bareMs: number }],
  spent: Spent,
  msMax: number,
): Figure[] {
  const allMs = spent.sendMs + spent.checkMs + spent.runMs;
  const line = (name: string, value: number): Figure =>
    plainFigure(`${name}, ${kind}`, [value, bareMs], goal(msMax, value));
  return [
    line(`import of ${rows} rows`, allMs),
    line('  of it the file on its way', spent.sendMs),
    line('  of it the rehearsal', spent.checkMs),
    line('  of it the run', spent.runMs),
    line('  CPU of the core', spent.cpuMs),
    plainFigure(
      `  longest wait beside it, ${kind}`,
      [spent.waitMs, WAIT_MS_MAX],
      goal(WAIT_MS_MAX, spent.waitMs),
    ),
    memoryFigure(`  peak of the core, ${kind}`, [spent.peakMb, spent.idleMb], CORE_MB_MAX),
  ];
}

/**
 * A file of new members: sent, checked, rehearsed, run, beside `BASE` members. The limit: the same rows
 * parsed and stored, bare; for memory the core before.
 */
export async function benchImports(rows: number): Promise<Figure[]> {
  await buildCore();
  const big = await makeBigReplica(BASE);
  try {
    return await measure(big, rows);
  } finally {
    rmSync(big.runFolder, { recursive: true, force: true });
  }
}

async function measure(big: BigReplica, rows: number): Promise<Figure[]> {
  const share = rows / IMPORT_ROWS;
  const table = makeRows(rows);
  const text = toCsv(table);
  const csvFolder = await makeTillFolder(big);
  const bareMs = bareInserts(csvFolder, text);
  const csv = await inCore(csvFolder, { bytes: Buffer.from(text), fileName: 'members.csv', rows });
  const xlsxFolder = await makeTillFolder(big);
  const xlsx = await inCore(xlsxFolder, { bytes: writeXlsx(table), fileName: 'members.xlsx', rows });
  return [
    ...figuresOf(['CSV', { rows, bareMs }], csv, CSV_MS_MAX * share),
    ...figuresOf(['XLSX', { rows, bareMs }], xlsx, XLSX_MS_MAX * share),
  ];
}
