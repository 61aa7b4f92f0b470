import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFile } from '../../../../../db/open.ts';
import { KEY_HEX, makeFolder, openTestTill, seedFolder, type TestTill } from '../../../../parts/till.ts';

let dir: string;
let till: TestTill;
const open = async (): Promise<void> => {
  till = openTestTill(dir);
  await till.signIn('manager');
};
beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir);
  await open();
});
afterEach(async () => {
  await till.close();
  rmSync(dir, { recursive: true, force: true });
});

const HEAD = 'full_name,mobile_number\n';
const PLAIN = Buffer.from('Tan Wei Ling,81234567\n'.repeat(300));
/** "José" as a Western letter alone, as UTF-8 and as two pairs of Chinese. */
const WESTERN = Buffer.from([0x4a, 0x6f, 0x73, 0xe9, 0x2c, 0x38, 0x0a]);
const UTF8 = Buffer.from('José,8\n');
const CHINESE = Buffer.from([0xb3, 0xc2, 0xd0, 0xa1, 0x2c, 0x38, 0x0a]);
type Pieces = readonly [Buffer, ...Buffer[]];
/** The signs that tell stand in the middle: neither the start nor the end of the file has any. */
const around = (...middle: Buffer[]): Pieces => [Buffer.from(HEAD), PLAIN, ...middle, PLAIN];
/** The two bytes of one sign come in two pieces. */
const CUT_AT = UTF8.indexOf(0xc3) + 1;
const CUT = around(UTF8.subarray(0, CUT_AT), UTF8.subarray(CUT_AT));

async function begin(pieces: Pieces): Promise<string> {
  const runId = randomUUID();
  const byteCount = Buffer.concat([...pieces]).length;
  await till.client['imports.begin']({ runId, fileName: 'members.csv', byteCount });
  return runId;
}
async function put(runId: string, pieces: Pieces, [from, to]: readonly [number, number]): Promise<void> {
  for (const [index, piece] of pieces.slice(0, to).entries()) {
    const at = Buffer.concat(pieces.slice(0, index)).length;
    if (index >= from) await till.client['imports.put']({ runId, at, base64: piece.toString('base64') });
  }
}
async function send(pieces: Pieces): Promise<string> {
  const runId = await begin(pieces);
  await put(runId, pieces, [0, pieces.length]);
  return runId;
}
const encodingOf = async (runId: string) =>
  (await till.client['imports.open']({ runId, encoding: null, delimiter: null })).encoding;

const FILES = [
  ['utf-8', CUT],
  ['windows-1252', around(WESTERN)],
  ['gb18030', around(CHINESE)],
  ['utf-16le', [Buffer.from(HEAD, 'utf16le'), Buffer.from(`Tan,8\n`, 'utf16le')]],
] as const;

test('how a file is read is found while it comes: to open it nothing but its start is read', async () => {
  for (const [encoding, pieces] of FILES) {
    const runId = await send(pieces);
    const raw = openFile({ path: join(dir, 'imports.db'), keyHex: KEY_HEX, file: 'imports' });
    const start = HEAD.length + PLAIN.length;
    const end = Buffer.concat(pieces.slice(0, -1)).length;
    raw.prepare('DELETE FROM import_pieces WHERE at >= ? AND at < ?').run(start, end);
    raw.close();
    expect(await encodingOf(runId)).toBe(encoding);
  }
});

test('a file that came before the program ended is looked at as a whole when it is opened', async () => {
  for (const [encoding, pieces] of FILES) {
    const runId = await begin(pieces);
    // What tells came before, the rest after.
    await put(runId, pieces, [0, pieces.length - 1]);
    await till.close();
    await open();
    await put(runId, pieces, [pieces.length - 1, pieces.length]);
    expect(await encodingOf(runId)).toBe(encoding);
  }
});

test('of two files that come by turns, and of pieces that come twice, each is read as itself', async () => {
  for (const [encoding, pieces] of FILES) {
    const first = await begin(pieces);
    await put(first, pieces, [0, 1]);
    const other = await send(around(UTF8));
    await put(first, pieces, [0, pieces.length]);
    expect([await encodingOf(first), await encodingOf(other)]).toEqual([encoding, 'utf-8']);
  }
});
