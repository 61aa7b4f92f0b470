import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE_PATH } from '../../build/setup/house.mjs';
import { FOLDERS, findLines, isCode, listFiles, readText } from './tree.ts';
import { ROOT } from '../../build/targets.mjs';

const README_LINES_MAX = 60;
const FILE_LINES_MAX = 400;
const STORE_LINES_MAX = 200;
/** The formatter breaks code at 110; it leaves comments and texts alone. */
const LINE_CHARS_MAX = 120;
/** May only fall. */
const SUPPRESSIONS = 3;

const files = listFiles();
const code = files.filter(isCode);
const countLines = (path: string): number => readText(path).trimEnd().split('\n').length;

test('the top level holds the folders of the map and nothing else', () => {
  const top = new Set(files.map((path) => path.split('/')[0] ?? ''));
  const known = [
    ...FOLDERS,
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'README.md',
    'CHANGELOG.md',
  ];
  expect([...top].filter((name) => !name.startsWith('.') && !known.includes(name))).toEqual([]);
  expect(FOLDERS.filter((name) => !top.has(name))).toEqual([]);
});

test('each folder says in at most sixty lines what it is and what was decided', () => {
  for (const path of ['README.md', ...FOLDERS.map((folder) => `${folder}/README.md`)]) {
    expect(existsSync(join(ROOT, path)), path).toBe(true);
    if (path === 'README.md') continue;
    expect(countLines(path), path).toBeLessThanOrEqual(README_LINES_MAX);
    expect(readText(path), path).toContain('## Decisions');
  }
});

test('files stay small', () => {
  const limitOf = (path: string): number =>
    /^renderer\/.*store\.ts$/.test(path) ? STORE_LINES_MAX : FILE_LINES_MAX;
  const long = files.filter(
    (path) => /\.(ts|tsx|mjs|cjs|css)$/.test(path) && countLines(path) > limitOf(path),
  );
  expect(long.map((path) => `${path}: ${countLines(path)}`)).toEqual([]);
});

test('lines stay short, but for a text or an address that can not be broken', () => {
  const isLong = (line: string): boolean =>
    line.length > LINE_CHARS_MAX && line.replace(/(['"`]).*\1|https?:\S+/g, '').length > LINE_CHARS_MAX / 2;
  expect(findLines(code, isLong)).toEqual([]);
});

test('each suppression has its reason, and there are no more than before', () => {
  const marks = /(ox|es)lint-disable|@ts-(expect-error|ignore|nocheck)/;
  const found = findLines(code, (line, path) => !path.startsWith('tests/tidy/') && marks.test(line));
  expect(found.filter((line) => !/ -- \S/.test(line))).toEqual([]);
  expect(found.length).toBeLessThanOrEqual(SUPPRESSIONS);
});

test('no marks without an owner, no tests left out', () => {
  const marks = new RegExp(
    [`\\b(${'TO' + 'DO'}|${'FIX' + 'ME'}|${'HA' + 'CK'})\\b`, `\\.${'(skip|only|todo)'}\\(`].join('|'),
  );
  expect(findLines(code, (line) => marks.test(line))).toEqual([]);
});

test('file names say what is inside', () => {
  const vague = /(^|\/|-)(utils?|helpers?|misc|common|stuff)(-|\.|\/)/;
  expect(code.filter((path) => vague.test(path))).toEqual([]);
});

test('nothing names a machine, a registry or the people at work', () => {
  const words = ['ag' + 'ents?', 'suba' + 'gents?', 'work' + 'place'];
  // A header of HTTP, and Node's option of a request that shares no connection.
  const ofHttp = new RegExp(["'user-ag" + "ent':", 'ag' + 'ent: false,'].join('|'));
  const bad = new RegExp(
    [
      String.raw`(?<![\w.~}])/(root|home/[a-z]+|tmp/[a-z])[^ ]*/`,
      'https?://[a-z.]*regis' + String.raw`try\.`,
      `\\b(${words.join('|')})\\b`,
    ].join('|'),
  );
  const texts = files.filter(
    (path) => /\.(ts|tsx|mjs|cjs|json|md|css|html|sql|sh)$|^\./.test(path) && path !== 'package-lock.json',
  );
  expect(findLines(texts, (line) => bad.test(line.replace(ofHttp, '')))).toEqual([]);
});

test('no lockfile names an address', () => {
  const lockfiles = files.filter((path) => path.endsWith('package-lock.json'));
  expect(lockfiles).toContain('package-lock.json');
  for (const path of lockfiles) expect(readText(path), path).not.toMatch(/"resolved":/);
});

test('each migration begins by saying what it is for', () => {
  const migrations = files.filter((path) => path.endsWith('.sql'));
  expect(migrations.length).toBeGreaterThan(0);
  expect(migrations.filter((path) => !readText(path).startsWith('-- '))).toEqual([]);
});

/** A test, or a part of the bench, as the papers name it: its path below `tests/`, without its endings. */
const NAMED = /\b(?:unit|contract|e2e|storm|sim|vm|tidy|bench)\/[\w/.-]*\w/g;

test('each test that the papers name for a promise or a feature is there', () => {
  const named = ['tests/PROOF.md', 'tests/FEATURES.md'].flatMap((path) => readText(path).match(NAMED) ?? []);
  expect(named.length).toBeGreaterThan(500);
  const isThere = (name: string): boolean =>
    ['', '.test.ts', '.long.test.ts', '.ts'].some((end) => existsSync(join(ROOT, 'tests', name + end)));
  expect([...new Set(named)].filter((name) => !isThere(name))).toEqual([]);
});

test('no file, export or package is without use', () => {
  const { stdout, status } = spawnSync(NODE_PATH, [join(ROOT, 'node_modules/knip/bin/knip.js')], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stdout.trim()).toBe('');
  expect(status).toBe(0);
});
