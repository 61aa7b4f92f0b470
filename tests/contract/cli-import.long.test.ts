import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PINS } from '../parts/shop.ts';
import { KEY_HEX, seedFolder } from '../parts/till.ts';
import { type Cli, cliOf } from './cli.ts';

const MANAGER = ['--as', 'manager', '--pin', PINS.manager];

interface Imported {
  run: string;
  state: string;
  rows: number;
  valid: number;
  invalid: number;
  created: number;
  updated: number;
  skipped: number;
  errors: { row: number; code: string; message: string }[];
}

let root: string;
let cli: Cli;
let file: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'counterfoil-import-'));
  const dataDir = join(root, 'till');
  const seed = join(root, 'seed');
  cpSync(mkdtempSync(join(tmpdir(), 'counterfoil-empty-')), seed, { recursive: true });
  await seedFolder(seed);
  writeFileSync(join(seed, 'till.key'), `${KEY_HEX}\n`, { mode: 0o600 });
  cpSync(seed, dataDir, { recursive: true });
  cli = cliOf(dataDir);
  file = join(root, 'members.csv');
  const rows = ['full_name,mobile_number,lookup_id', 'Tan,91110001,M-1', 'Lim,91110002,M-1', ',91110003,'];
  writeFileSync(file, rows.join('\n'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MODE = ['--mode', 'create-and-update'];
const found = async (text: string): Promise<number> =>
  (await cli<{ members: unknown[] }>('lookup', text)).data.members.length;

test('a rehearsal says what a run would do, a run does it, an undo takes it back', async () => {
  const rehearsed = await cli<Imported>('import', file, ...MODE, '--rehearse', ...MANAGER);
  expect(rehearsed).toMatchObject({
    ok: true,
    data: { rows: 3, valid: 1, invalid: 2, created: 1, updated: 0, skipped: 0 },
  });
  expect(rehearsed.data.errors).toMatchObject([
    { row: 3, code: 'LOOKUP_ID_DUP' },
    { row: 4, code: 'NAME_MISSING' },
  ]);
  expect(await found('91110001')).toBe(0);
  const { data } = await cli<Imported>('import', file, ...MODE, '--run', ...MANAGER);
  expect(data).toMatchObject({ state: 'done', rows: 3, created: 1, invalid: 2 });
  expect(await found('91110001')).toBe(1);
  expect(await cli<Imported>('import', file, '--undo', data.run, ...MANAGER)).toMatchObject({
    ok: true,
    data: { state: 'undone' },
  });
  expect(await found('91110001')).toBe(0);
});

test('an import is a manager’s', async () => {
  const asked = await cli('import', file, ...MODE, '--run', '--as', 'cashier', '--pin', PINS.cashier);
  expect(asked).toMatchObject({ exitCode: 1, code: 'not_allowed' });
});

test('a command that says neither what nor how is written wrong', async () => {
  expect(await cli('import', file, ...MODE, ...MANAGER)).toMatchObject({ exitCode: 2 });
  expect(await cli('import', file, '--run', ...MANAGER)).toMatchObject({ exitCode: 2 });
  expect(await cli('import', file, ...MODE, '--run', '--rehearse', ...MANAGER)).toMatchObject({
    exitCode: 2,
  });
});

test('a header that is unknown is told, and nothing is taken', async () => {
  const wrong = join(root, 'wrong.csv');
  writeFileSync(wrong, 'full_name,mobile_number,shoe size\nTan,91110009,44\n');
  const refused = await cli<Imported>('import', wrong, ...MODE, '--run', ...MANAGER);
  expect(refused).toMatchObject({ exitCode: 1, data: { errors: [{ row: 1, code: 'HEADER_UNKNOWN' }] } });
  expect(await found('91110009')).toBe(0);
});
