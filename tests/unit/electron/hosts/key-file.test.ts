import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadKey } from '../../../../electron/hosts/key-file.ts';
import { makeFolder } from './folder.ts';

const quiet = (): void => undefined;
const load = (dataDir: string, mayCreate = true): string => loadKey({ dataDir, mayCreate, warn: quiet });
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('a new till gets a key of its own, for its owner only, and keeps it', () => {
  const dataDir = join(makeFolder(), 'new', 'till');
  const key = load(dataDir);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect({ again: load(dataDir), file: readFileSync(join(dataDir, 'till.key'), 'utf8') }).toEqual({
    again: key,
    file: `${key}\n`,
  });
  expect(modeOf(join(dataDir, 'till.key'))).toBe(0o600);
  expect(modeOf(dataDir)).toBe(0o700);
  expect(readdirSync(dataDir)).toEqual(['till.key']);
});

test('two tills get two keys', () => {
  expect(load(makeFolder())).not.toBe(load(makeFolder()));
});

test.each(['till.db', 'replica.db', 'till.db-wal', 'replica.db.damaged-1'])(
  'a key file missing beside %s is told, and no key is made',
  (name) => {
    const dataDir = makeFolder();
    writeFileSync(join(dataDir, name), 'ciphertext');
    expect(() => load(dataDir)).toThrow(expect.objectContaining({ code: 'key_missing' }));
    expect(readdirSync(dataDir)).toEqual([name]);
  },
);

test('a command that may not make a till leaves an empty or missing folder as it is', () => {
  const dataDir = join(makeFolder(), 'typo');
  expect(() => load(dataDir, false)).toThrow(expect.objectContaining({ code: 'not_enrolled' }));
  expect(existsSync(dataDir)).toBe(false);
});

test.each([
  ['empty', ''],
  ['short', 'ab12'],
  ['not hex', 'x'.repeat(64)],
  ['too long', 'a'.repeat(65)],
])('a garbled key file (%s) is told and stays as it is', (_what, text) => {
  const dataDir = makeFolder();
  writeFileSync(join(dataDir, 'till.key'), text, { mode: 0o600 });
  expect(() => load(dataDir)).toThrow(expect.objectContaining({ code: 'key_wrong' }));
  expect(readFileSync(join(dataDir, 'till.key'), 'utf8')).toBe(text);
});

test('a key that can not be read as a file is told', () => {
  const dataDir = makeFolder();
  mkdirSync(join(dataDir, 'till.key'), { mode: 0o700 });
  expect(() => load(dataDir)).toThrow(expect.objectContaining({ code: 'key_wrong' }));
});

test('a key file that is open to others is closed, and that is said without the key', () => {
  const dataDir = makeFolder();
  const key = load(dataDir);
  const path = join(dataDir, 'till.key');
  chmodSync(path, 0o644);
  const said: string[] = [];
  expect(loadKey({ dataDir, mayCreate: false, warn: (message) => said.push(message) })).toBe(key);
  expect(modeOf(path)).toBe(0o600);
  expect(said.join()).toContain('644');
  expect(said.join()).not.toContain(key);
});

test('a refusal says what is safe and what to do, and never a key', () => {
  const dataDir = makeFolder();
  writeFileSync(join(dataDir, 'till.db'), 'ciphertext');
  expect(() => load(dataDir)).toThrow(/as they were and no new key was made\. Put the key file back/);
});
