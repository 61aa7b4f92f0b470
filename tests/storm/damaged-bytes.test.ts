import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DbError } from '../../db/errors.ts';
import { openReplica } from '../../db/replica/open.ts';
import { createRandom } from '../sim/random.ts';
import * as sample from '../unit/db/samples.ts';

const FLIPS = 300;
const ZEROED = 100;
const SWAPPED = 50;
const PAGE_BYTES = 4_096;
/** Its random salt is no secret, and of no use once the file is open: a change there is found or does nothing. */
const SALT_BYTES = 16;
const SEED = Number(process.env['STORM_SEED'] ?? 1_122);
const KEY = '5a'.repeat(32);

let folder: string;
let path: string;
let sound: Buffer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-damage-'));
  path = join(folder, 'replica.db');
  const replica = openReplica({ path, keyHex: KEY });
  const { members, cards, accounts } = sample.shopRows(400);
  replica.apply(sample.rows({ members, cards, accounts }), { epoch: 'e1', cursor: 9, isSettled: true });
  replica.close();
  sound = readFileSync(path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** True when the damage is found at the opening, by reading or by the check of a start. */
function isNoticed(bytes: Buffer): boolean {
  writeFileSync(path, bytes);
  try {
    const replica = openReplica({ path, keyHex: KEY });
    try {
      return replica.check().length > 0;
    } finally {
      replica.close();
    }
  } catch (cause) {
    if (cause instanceof DbError) return true;
    throw cause;
  }
}

test(`${FLIPS} flipped bits, ${ZEROED} zeroed and ${SWAPPED} swapped pages: each is noticed (R-D8, seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const pages = sound.length / PAGE_BYTES;
  expect(pages).toBeGreaterThan(50);
  const pageOf = (bytes: Buffer, at: number) => bytes.subarray(at * PAGE_BYTES, (at + 1) * PAGE_BYTES);
  const missed: string[] = [];
  for (let count = 0; count < FLIPS; count += 1) {
    const bytes = Buffer.from(sound);
    const at = SALT_BYTES + random.int(sound.length - SALT_BYTES);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.int(8)), at);
    if (!isNoticed(bytes)) missed.push(`bit at ${at}`);
  }
  for (let count = 0; count < ZEROED; count += 1) {
    const bytes = Buffer.from(sound);
    const at = random.int(pages);
    pageOf(bytes, at).fill(0);
    if (!isNoticed(bytes)) missed.push(`page ${at} zeroed`);
  }
  for (let count = 0; count < SWAPPED; count += 1) {
    const bytes = Buffer.from(sound);
    const at = 1 + random.int(pages - 1);
    const other = 1 + ((at + random.int(pages - 2)) % (pages - 1));
    pageOf(sound, at).copy(pageOf(bytes, other));
    pageOf(sound, other).copy(pageOf(bytes, at));
    if (!isNoticed(bytes)) missed.push(`pages ${at} and ${other} swapped`);
  }
  expect(missed).toEqual([]);
  expect(isNoticed(sound)).toBe(false);
});
