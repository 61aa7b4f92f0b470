import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { openFile } from '../../db/open.ts';
import { openReplica } from '../../db/replica/open.ts';
import { transact } from '../../db/transaction.ts';
import { TEMPLATE } from '../../electron/core/imports/columns.ts';
import { writeXlsx } from '../../electron/core/imports/sheet/xlsx-writer.ts';
import type { CoreClient } from '../../electron/contract/index.ts';
import { IMPORT_PIECE_BYTES_MAX } from '../../electron/contract/imports.ts';
import { EMPTY_ROWS } from '../../sync/model/feed.ts';
import { KEY_HEX, openTestTill, seedFolder } from '../parts/till.ts';
import { rowsOf } from './members.ts';
import { type Figure, memoryFigure, plainFigure } from './figure.ts';

const ROWS = 100_000;
const CSV_MS_MAX = 20_000;
const XLSX_MS_MAX = 40_000;
const CORE_MB_MAX = 400;
const MB = 1024 * 1024;

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

const makeRows = (prefix: number): string[][] => [
  TEMPLATE.map(({ name }) => name),
  ...Array.from({ length: ROWS }, (_, at) => TEMPLATE.map(({ name }) => GIVEN[name]?.(prefix + at) ?? '')),
];

async function send(client: CoreClient, bytes: Uint8Array, fileName: string): Promise<string> {
  const runId = randomUUID();
  await client['imports.begin']({ runId, fileName, byteCount: bytes.length });
  for (let at = 0; at < bytes.length; at += IMPORT_PIECE_BYTES_MAX) {
    const piece = Buffer.from(bytes.subarray(at, at + IMPORT_PIECE_BYTES_MAX));
    await client['imports.put']({ runId, at, base64: piece.toString('base64') });
  }
  return runId;
}

async function untilDone(client: CoreClient, runId: string): Promise<number> {
  for (;;) {
    const { state, counts } = await client['imports.get']({ runId });
    if (!['checking', 'running', 'undoing'].includes(state)) return counts.done;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Spent {
  checkMs: number;
  runMs: number;
  cpuMs: number;
  /** The longest that anybody else of the process had to wait. */
  blockedMs: number;
}

/** From the first byte at the core until every member is saved. */
async function importAll(client: CoreClient, bytes: Uint8Array, fileName: string): Promise<Spent> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  let [blockedMs, lastMs] = [0, performance.now()];
  const beat = setInterval(() => {
    blockedMs = Math.max(blockedMs, performance.now() - lastMs - 1);
    lastMs = performance.now();
  }, 1);
  const runId = await send(client, bytes, fileName);
  const { columns } = await client['imports.open']({ runId, encoding: null, delimiter: null });
  await client['imports.check']({
    ...{ runId, mode: 'create-and-update', columns: columns.map(({ to }) => to) },
    ...{ pointsCardTypeId: null, creditCardTypeId: null },
  });
  await untilDone(client, runId);
  const checkedMs = performance.now();
  await client['imports.start']({ runId });
  const done = await untilDone(client, runId);
  clearInterval(beat);
  if (done !== ROWS) throw new Error(`${done} of ${ROWS} rows were imported`);
  const { user, system } = process.cpuUsage(cpu);
  return {
    checkMs: checkedMs - startMs,
    runMs: performance.now() - checkedMs,
    cpuMs: (user + system) / 1_000,
    blockedMs,
  };
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

const BASE = 50_000;
const PAGE = 1_000;

/** A till of its own: what is imported must not get into the copy that all parts share. */
async function makeSite(runFolder: string): Promise<string> {
  const folder = join(runFolder, 'imports');
  mkdirSync(folder);
  await seedFolder(folder, { cursor: 1 });
  const replica = openReplica({ path: join(folder, 'replica.db'), keyHex: KEY_HEX });
  for (let at = 0; at < BASE; at += PAGE) {
    const cursor = at + PAGE;
    const rows = Array.from({ length: PAGE }, (_, next) => rowsOf(at + next, cursor));
    replica.apply(
      { ...EMPTY_ROWS, members: rows.map(({ member }) => member), cards: rows.map(({ card }) => card) },
      { epoch: 'e', cursor, isSettled: true },
    );
  }
  replica.close();
  return folder;
}

const goal = (msMax: number, value: number) => ({ unit: 'ms', text: `≤ ${msMax} ms`, pass: value <= msMax });

/** A file of 100,000 new members: sent, checked, rehearsed, run. The limit: the same rows parsed and stored, bare. */
export async function benchImports(runFolder: string): Promise<Figure[]> {
  const tillFolder = await makeSite(runFolder);
  const till = openTestTill(tillFolder);
  await till.signIn('manager');
  let peak = process.memoryUsage().rss;
  const before = peak;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 100);
  try {
    const rows = makeRows(0);
    const text = rows
      .map((row) => row.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(','))
      .join('\n');
    const csv = await importAll(till.client, Buffer.from(text), 'members.csv');
    const csvPeak = peak;
    const bare = bareInserts(tillFolder, text);
    const xlsx = await importAll(till.client, writeXlsx(makeRows(ROWS)), 'members.xlsx');
    const toTotal = ({ checkMs, runMs }: Spent): number => checkMs + runMs;
    const figures = ([name, spent, msMax]: readonly [string, Spent, number]): Figure[] => [
      plainFigure(`import of ${ROWS} rows, ${name}`, [toTotal(spent), bare], goal(msMax, toTotal(spent))),
      plainFigure(`  of it the rehearsal, ${name}`, [spent.checkMs, bare], goal(msMax, spent.checkMs)),
      plainFigure(`  CPU of all, ${name}`, [spent.cpuMs, bare], goal(msMax, spent.cpuMs)),
      plainFigure(`  longest wait beside it, ${name}`, [spent.blockedMs, 50], goal(50, spent.blockedMs)),
    ];
    return [
      ...figures(['CSV', csv, CSV_MS_MAX]),
      ...figures(['XLSX', xlsx, XLSX_MS_MAX]),
      memoryFigure('process at an import of CSV, with its file', [csvPeak / MB, before / MB], CORE_MB_MAX),
    ];
  } finally {
    clearInterval(watch);
    await till.close();
  }
}
