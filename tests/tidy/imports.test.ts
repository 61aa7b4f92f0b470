import { cruise, type ICruiseOptions, type ICruiseResult, type IRuleSetType } from 'dependency-cruiser';
import { beforeAll, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.cjs';
import { FOLDERS, isCode, listFiles } from './tree.ts';
import { ROOT } from '../../build/targets.mjs';

let found: ICruiseResult;

beforeAll(async () => {
  process.chdir(ROOT);
  const { options, ...ruleSet } = config as { options: ICruiseOptions };
  // Cast: the package's types want literal severities, which a plain object does not keep.
  const { output } = await cruise(FOLDERS, { ...options, ruleSet: ruleSet as IRuleSetType, validate: true });
  if (typeof output === 'string') throw new Error(output);
  found = output;
});

test('the checker reads every file of ours', () => {
  // With a parser that does not know this TypeScript it reads none and says that all is well.
  const ours = listFiles().filter(
    (path) => isCode(path) && FOLDERS.some((folder) => path.startsWith(`${folder}/`)),
  );
  const read = new Set(found.modules.map(({ source }) => source));
  expect(read.size).toBeGreaterThan(100);
  expect(ours.filter((path) => !read.has(path) && !path.endsWith('.d.ts'))).toEqual([]);
});

test('a folder imports only what the table lists', () => {
  expect(found.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
});
