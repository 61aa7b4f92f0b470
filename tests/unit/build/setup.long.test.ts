import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTryDue } from '../../../build/setup/electron.mjs';
import { runWhileGrowing } from '../../../build/setup/growing.mjs';
import { cacheFolder } from '../../../build/setup/stand-in.mjs';
import { asNamedHere } from '../../../build/setup/system.mjs';

const DAY_MS = 24 * 60 * 60_000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string, silentMsMax: number): Promise<string> =>
  runWhileGrowing(process.execPath, ['-e', script], {
    env: { ...process.env, FOLDER: folder },
    folders: [folder],
    silentMsMax,
    lookMs: 20,
  });

test('a program that gets on is left to it, however long it takes', async () => {
  const script = `
    const { appendFileSync } = require('node:fs');
    let left = 30;
    const timer = setInterval(() => {
      appendFileSync(process.env.FOLDER + '/part', 'x');
      if ((left -= 1) === 0) clearInterval(timer);
    }, 60);`;
  expect(await run(script, 900)).toBe('');
});

test('a program that hangs is ended, and that is said', async () => {
  expect(await run('setInterval(() => {}, 1000)', 300)).toBe('no progress for 0 s');
});

test('a program that fails is quoted with its first words', async () => {
  expect(await run(`console.error('no such host\\nat line 1'); process.exit(1)`, 10_000)).toBe(
    'no such host',
  );
});

test('the real Electron is tried again a day after a try that failed, and not before', () => {
  const mark = join(folder, 'tried');
  const triedMs = 1_800_000_000_000;
  expect(isTryDue(mark, triedMs)).toBe(true);
  writeFileSync(mark, '');
  utimesSync(mark, triedMs / 1000, triedMs / 1000);
  expect([0, DAY_MS - 1, DAY_MS, -2 * DAY_MS].map((ms) => isTryDue(mark, triedMs + ms))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('a Debian package goes by the name that this system’s apt knows', () => {
  const ubuntu = new Set(['libasound2t64', 'libnss3']);
  expect(asNamedHere(['libasound2', 'libnss3', 'xvfb'], (name) => ubuntu.has(name))).toEqual([
    'libasound2t64',
    'libnss3',
    'xvfb',
  ]);
  expect(asNamedHere(['libasound2'], () => true)).toEqual(['libasound2']);
});

test('a variable that is set to nothing counts as not set', () => {
  const before = { ...process.env };
  process.env['COUNTERFOIL_CACHE'] = '';
  process.env['XDG_CACHE_HOME'] = folder;
  try {
    expect(cacheFolder()).toBe(join(folder, 'counterfoil'));
  } finally {
    process.env = before;
  }
});
