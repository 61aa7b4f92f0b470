import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../build/targets.mjs';

export const FOLDERS = ['electron', 'renderer', 'db', 'drivers', 'sync', 'crm', 'build', 'tests'];

/** Paths from the root of all files that are, or could be, committed. */
export function listFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  return [...new Set(paths)].filter((path) => existsSync(join(ROOT, path)));
}

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export const isCode = (path: string): boolean => /\.(ts|tsx|mjs|cjs)$/.test(path);

/** `path:line` of each line of `paths` that `isBad` finds. */
export function findLines(
  paths: readonly string[],
  isBad: (line: string, path: string) => boolean,
): string[] {
  return paths.flatMap((path) =>
    readText(path)
      .split('\n')
      .flatMap((line, at) => (isBad(line, path) ? [`${path}:${at + 1} ${line.trim().slice(0, 120)}`] : [])),
  );
}
