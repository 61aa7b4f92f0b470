import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CoreClient } from '../../../../../electron/contract/index.ts';
import { exportCommands } from '../../../../../electron/hosts/cli/exports.ts';
import { must } from '../../../../../sync/base/must.ts';
import { makeFolder } from '../folder.ts';

const NO_REASON = 'command line, no reason given';
const command = must(exportCommands[0], 'the one command');

/** Runs it against a core with a file of `pieces`; an error in their place is thrown by the core. */
async function exportTo(path: string, pieces: readonly (string | Error)[], values = {}) {
  const told: unknown[] = [];
  const left = [...pieces];
  const client = {
    'directory.beginExport': ({ purpose, reason }: { purpose: string; reason: string }) => {
      told.push(purpose, reason);
      return Promise.resolve({ exportId: 'x', fileName: 'members.csv', rows: 2 });
    },
    'directory.readExport': () => {
      const piece = left.shift() ?? '';
      return piece instanceof Error ? Promise.reject(piece) : Promise.resolve({ text: piece, rowsRead: 1 });
    },
    'directory.endExport': () => {
      told.push('end');
      return Promise.resolve({});
    },
  } as unknown as CoreClient;
  const scene = { args: { operands: [path], values }, open: () => Promise.resolve(client) };
  // Cast: what this command uses of it.
  const run = command.run(scene as unknown as Parameters<typeof command.run>[0]);
  const outcome = await Promise.resolve(run).catch((cause: unknown) => cause);
  return { outcome, told };
}

test('all members are written to one file that only its owner may read', async () => {
  const folder = makeFolder();
  const path = join(folder, 'members.csv');
  const { outcome, told } = await exportTo(path, ['name\r\n', 'Tan\r\n']);
  expect(outcome).toMatchObject({ data: { rows: 2 } });
  expect(readFileSync(path, 'utf8')).toBe('name\r\nTan\r\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(told).toEqual(['administration', NO_REASON, 'end']);
  const news = await exportTo(path, ['n\r\n'], { marketing: true, reason: 'news of March' });
  expect(news.told.slice(0, 2)).toEqual(['marketing', 'news of March']);
});

test('a file that breaks off is no file: the one before is as it was, and no part is left', async () => {
  const folder = makeFolder();
  const path = join(folder, 'members.csv');
  writeFileSync(path, 'of yesterday');
  const { outcome, told } = await exportTo(path, ['name\r\n', new Error('it broke')]);
  expect(outcome).toMatchObject({ message: 'it broke' });
  expect(readFileSync(path, 'utf8')).toBe('of yesterday');
  expect(readdirSync(folder)).toEqual(['members.csv']);
  expect(told).toEqual(['administration', NO_REASON, 'end']);
});

test('where no file can be made, it says so and the core lets go', async () => {
  const { outcome, told } = await exportTo(join(makeFolder(), 'nowhere', 'members.csv'), ['name\r\n']);
  expect(outcome).toMatchObject({ code: 'disk_failed' });
  expect(told).toEqual(['administration', NO_REASON, 'end']);
});

test('what an export leaves that was killed in its midst goes with the next one there; one that runs keeps its own', async () => {
  const folder = makeFolder();
  const gone = spawnSync(process.execPath, ['--version']);
  const names = [gone.pid, process.pid].map((pid) => `.counterfoil-export-${pid}-${randomUUID()}.part`);
  for (const name of [...names, '.others.part']) writeFileSync(join(folder, name), 'Quagga,86660001');
  await exportTo(join(folder, 'members.csv'), ['name\r\n']);
  expect(new Set(readdirSync(folder))).toEqual(new Set([names[1], '.others.part', 'members.csv']));
});
