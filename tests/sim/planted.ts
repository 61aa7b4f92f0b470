import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const PLANTED = join(ROOT, 'tests/planted');
const COPIED = ['sync', 'db', 'drivers', 'crm', 'electron', 'tests', 'build', 'package.json'];
/** A patch that another test than the simulation has to find names it in its first line. */
const OTHER_TEST = /^# found by: (\S+)/;

const RULES = 'set|chain|bank|lattice|cards|feed|view|acks|liveness|allowance|close|inbox|erasure';
const VIOLATION = new RegExp(`^ {2}((?:${RULES}): .*|.*(?:met a bug|answered 500).*)$`, 'm');

/** A program that does not even start has found nothing. */
const FOUND = /^\d+ seeds, [1-9]\d* violations|^ *Tests .*[1-9]\d* failed/m;

const run = (
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code: code ?? 1, output }));
  });

/** A copy of the project with one bug planted; `null` when the patch does not fit any more. */
async function plant(patch: string): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-planted-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const { code } = await run('git', ['apply', '-C1', join(PLANTED, patch)], folder);
  if (code === 0) return folder;
  rmSync(folder, { recursive: true, force: true });
  return null;
}

export const listPatches = (): string[] =>
  readdirSync(PLANTED)
    .filter((name) => name.endsWith('.patch'))
    .sort();

function commandFor(patch: string, seeds: number): string[] {
  const other = OTHER_TEST.exec(readFileSync(join(PLANTED, patch), 'utf8'))?.[1];
  if (other === undefined) return ['tests/sim/index.ts', '--seeds', String(seeds), '--until-red'];
  return ['node_modules/vitest/vitest.mjs', 'run', '--config', 'build/vitest.config.ts', other];
}

async function find(patch: string, seeds: number): Promise<{ isRed: boolean; words: string }> {
  const folder = await plant(patch);
  if (folder === null) return { isRed: false, words: 'the patch does not fit any more' };
  try {
    const { code, output: said } = await run(process.execPath, commandFor(patch, seeds), folder);
    const output = stripVTControlCharacters(said);
    const seen = /^(\d+) seeds/m.exec(output)?.[1];
    const seed = /^failing seeds: (\d+)/m.exec(output)?.[1];
    const words = VIOLATION.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
    return {
      isRed: code === 1 && FOUND.test(output),
      words: seen === undefined ? words : `seed ${seed ?? 'none'}, after ${seen} seeds: ${words}`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Plants each bug in a copy of its own and looks whether it is found. @returns True when all were. */
export async function runPlanted(
  { seeds, names }: { seeds: number; names: readonly string[] },
  print: (line: string) => void,
): Promise<boolean> {
  const patches = listPatches().filter(
    (patch) => names.length === 0 || names.includes(basename(patch, '.patch')),
  );
  let found = 0;
  for (const patch of patches) {
    const { isRed, words } = await find(patch, seeds);
    if (isRed) found += 1;
    print(`${isRed ? 'red' : 'NOT FOUND'} ${basename(patch, '.patch')}: ${words.slice(0, 200)}`);
  }
  print(`${found} of ${patches.length} planted bugs red within ${seeds} seeds`);
  return found === patches.length;
}
