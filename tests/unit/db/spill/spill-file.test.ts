import {
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { newSealingKey } from '../../../../crm/node-crypto.ts';
import { createUnsealer } from '../../../../crm/unseal.ts';
import { openSpill, type SpillDisk } from '../../../../db/spill/spill-file.ts';
import { must } from '../../../../sync/base/must.ts';
import type { SealedOp } from '../../../../sync/model/op.ts';
import { readSpill, recordsOf } from '../../../../sync/spill/format.ts';
import { chainOfOps, spillOwner } from '../../../parts/spill.ts';

const centre = newSealingKey();
const owner = spillOwner(centre.publicKey);
const folders: string[] = [];
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});
const newPath = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'counterfoil-spill-'));
  folders.push(dir);
  return join(dir, 'spill.log');
};

/** What the centre reads out of these bytes: hashes would do, but whole ops show what was invented. */
function opsIn(bytes: Uint8Array): string[] {
  const { sessions } = readSpill(bytes);
  return recordsOf(sessions, owner).flatMap(({ session, record }) => {
    const plain = createUnsealer(session, centre.secretKey)(record);
    return plain === null ? [] : [plain];
  });
}
const textOf = ({ op }: SealedOp): string => JSON.stringify(op);
const textsOf = (chain: readonly SealedOp[]): string[] => chain.map(textOf);

function fill(chain: readonly SealedOp[], path = newPath()): string {
  const spill = openSpill(path);
  for (const sealed of chain) spill.append(owner, sealed);
  spill.close();
  return path;
}
const lengthOf = (path: string): number => readSpill(readFileSync(path)).end;

test('each op is in the file as soon as append returns, and nobody reads it without a key', () => {
  const chain = chainOfOps(5);
  const path = newPath();
  const spill = openSpill(path);
  for (const [at, sealed] of chain.entries()) {
    spill.append(owner, sealed);
    expect(opsIn(readFileSync(path))).toEqual(textsOf(chain.slice(0, at + 1)));
  }
  spill.close();
  expect(readFileSync(path).includes('Canary')).toBe(false);
  expect(statSync(path).size % (256 * 1024)).toBe(0);
});

test('cut at every byte: what lies before the cut is read, nothing is invented, and writing goes on', () => {
  const chain = chainOfOps(4);
  const bytes = readFileSync(fill(chain.slice(0, 3)));
  const end = readSpill(bytes).end;
  for (let cut = 0; cut <= end; cut += 1) {
    const read = opsIn(bytes.subarray(0, cut));
    expect(read).toEqual(textsOf(chain.slice(0, read.length)));
  }
  expect(opsIn(bytes.subarray(0, end))).toHaveLength(3);
  for (const cut of [0, 1, 9, 200, Math.floor(end / 2), end - 1]) {
    const path = newPath();
    writeFileSync(path, bytes.subarray(0, cut));
    const before = opsIn(bytes.subarray(0, cut));
    fill(chain.slice(3), path);
    expect(opsIn(readFileSync(path))).toEqual([...before, ...textsOf(chain.slice(3))]);
  }
});

test('any flipped bit costs at most what is behind it and invents nothing', () => {
  const chain = chainOfOps(3);
  const bytes = readFileSync(fill(chain));
  const { end } = readSpill(bytes);
  const whole = textsOf(chain);
  for (let at = 0; at < end; at += 1) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    const read = opsIn(flipped);
    expect(read.length).toBeLessThan(3);
    expect(read).toEqual(whole.slice(0, read.length));
  }
});

test('a garbage tail is cut, old leftovers of a longer record too', () => {
  const chain = chainOfOps(3);
  const bytes = readFileSync(fill(chain.slice(0, 2)));
  const { end } = readSpill(bytes);
  for (let round = 0; round < 200; round += 1) {
    const garbage = Buffer.from(Array.from({ length: 300 }, () => Math.floor(Math.random() * 256)));
    expect(opsIn(Buffer.concat([bytes.subarray(0, end), garbage]))).toEqual(textsOf(chain.slice(0, 2)));
  }
  const path = newPath();
  writeFileSync(path, Buffer.concat([bytes.subarray(0, end), bytes.subarray(50, end)]));
  fill(chain.slice(2), path);
  expect(opsIn(readFileSync(path))).toEqual(textsOf(chain));
});

test('an act that was taken back leaves no record, and its number is used again', () => {
  const [first, ...rest] = chainOfOps(2);
  const other = chainOfOps(2)[1];
  const path = newPath();
  const spill = openSpill(path);
  spill.append(owner, must(first, 'first'));
  spill.append(owner, must(rest[0], 'second'));
  spill.takeBack();
  expect(opsIn(readFileSync(path))).toEqual([textOf(must(first, 'first'))]);
  spill.append(owner, must(other, 'another'));
  spill.close();
  expect(opsIn(readFileSync(path))).toEqual([first, other].map((each) => textOf(must(each, 'op'))));
  const counters = readSpill(readFileSync(path)).sessions[0]?.records.map(({ counter }) => counter);
  expect(counters).toEqual([1, 3]);
});

test('what the centre has is forgotten, what it has not is kept, over sessions and incarnations', () => {
  const chain = chainOfOps(40);
  const path = fill(chain.slice(0, 10));
  fill(chain.slice(10, 20), path);
  const spill = openSpill(path);
  spill.append(owner, must(chain[20], 'op'));
  spill.forget(owner, 5, true);
  expect(opsIn(readFileSync(path))).toEqual(textsOf(chain.slice(5, 21)));
  spill.forget(owner, 15, true);
  for (const sealed of chain.slice(21)) spill.append(owner, sealed);
  expect(opsIn(readFileSync(path))).toEqual(textsOf(chain.slice(15)));
  const next = { ...owner, incarnation: 2 };
  spill.append(next, must(chain[0], 'op'));
  spill.forget(next, 40, true);
  spill.close();
  expect(opsIn(readFileSync(path))).toEqual(textsOf(chain.slice(15)));
  expect(recordsOf(readSpill(readFileSync(path)).sessions, next)).toEqual([]);
});

test('the file grows in steps, and shrinks once the centre has its ops', () => {
  const chain = chainOfOps(700);
  const path = newPath();
  const spill = openSpill(path);
  for (const sealed of chain) spill.append(owner, sealed);
  const full = statSync(path).size;
  expect(full).toBeGreaterThan(256 * 1024);
  expect(opsIn(readFileSync(path))).toEqual(textsOf(chain));
  spill.forget(owner, 700);
  expect(statSync(path).size).toBe(256 * 1024);
  expect(opsIn(readFileSync(path))).toEqual([]);
  spill.close();
});

test('a long backlog is written anew only when half of it is done with, never with each answer', () => {
  const chain = chainOfOps(1_600);
  const path = newPath();
  const spill = openSpill(path);
  for (const sealed of chain) spill.append(owner, sealed);
  const lengths = [lengthOf(path)];
  for (let tseq = 50; tseq < 1_600; tseq += 50) {
    spill.forget(owner, tseq);
    const length = lengthOf(path);
    if (length < (lengths.at(-1) ?? 0)) lengths.push(length);
  }
  // Each rewrite leaves at most half of what was there.
  expect(lengths.every((length, at) => at === 0 || length * 2 <= (lengths[at - 1] ?? 0) + 2_000)).toBe(true);
  expect([lengths.length > 1, lengths.length <= 4]).toEqual([true, true]);
  expect(opsIn(readFileSync(path)).slice(-1)).toEqual(textsOf(chain.slice(-1)));
  spill.close();
});

test('a disk that refuses saves nothing, says so, and the next op finds a sound file', () => {
  const chain = chainOfOps(3);
  const path = newPath();
  let isBroken = false;
  const fail = (code: string): never => {
    throw Object.assign(new Error(code), { code });
  };
  const disk: SpillDisk = {
    write: (descriptor, bytes, position) => void writeSync(descriptor, bytes, 0, bytes.length, position),
    sync: (descriptor) => (isBroken ? fail('EIO') : fdatasyncSync(descriptor)),
  };
  const spill = openSpill(path, disk);
  spill.append(owner, must(chain[0], 'op'));
  isBroken = true;
  expect(() => spill.append(owner, must(chain[1], 'op'))).toThrow(expect.objectContaining({ code: 'io' }));
  isBroken = false;
  const other = must(chainOfOps(2)[1], 'op');
  spill.append(owner, other);
  spill.close();
  expect(opsIn(readFileSync(path))).toEqual([textOf(must(chain[0], 'op')), textOf(other)]);
  expect(lengthOf(path)).toBeGreaterThan(0);
});

test('what the disk refused may be in the file all the same: settled, it surely is not', () => {
  const [first, second] = chainOfOps(2);
  const path = newPath();
  const state = { isFull: false };
  const disk: SpillDisk = {
    write: (descriptor, bytes, position) => void writeSync(descriptor, bytes, 0, bytes.length, position),
    sync: (descriptor) => {
      if (state.isFull) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      fdatasyncSync(descriptor);
    },
  };
  const spill = openSpill(path, disk);
  spill.append(owner, must(first, 'op'));
  spill.settle(owner);
  state.isFull = true;
  expect(() => spill.append(owner, must(second, 'op'))).toThrow(expect.objectContaining({ code: 'full' }));
  expect(opsIn(readFileSync(path))).toHaveLength(2);
  // A folder where the new file should be: nothing can be made sure there.
  mkdirSync(join(`${path}.new`, 'in-the-way'), { recursive: true });
  expect(() => spill.settle(owner)).toThrow(expect.objectContaining({ code: 'io' }));
  rmSync(`${path}.new`, { recursive: true });
  spill.settle(owner);
  expect(opsIn(readFileSync(path))).toEqual([textOf(must(first, 'op'))]);
  spill.close();
});

test('a record is synced before append returns: without that the recorder would see it', () => {
  const calls: string[] = [];
  const disk: SpillDisk = {
    write: (descriptor, bytes, position) => {
      calls.push('write');
      writeSync(descriptor, bytes, 0, bytes.length, position);
    },
    sync: (descriptor) => {
      calls.push('sync');
      fdatasyncSync(descriptor);
    },
  };
  const spill = openSpill(newPath(), disk);
  for (const sealed of chainOfOps(3)) spill.append(owner, sealed);
  spill.close();
  expect(calls).toEqual(['write', 'sync', 'write', 'sync', 'write', 'sync']);
});

test('a file that is shortened keeps to the byte what is left, also after one was taken back, or the centre has less', () => {
  const chain = chainOfOps(60);
  const path = fill(chain.slice(0, 20));
  const spill = openSpill(path);
  spill.forget(owner, 20, true);
  for (const sealed of chain.slice(20, 40)) spill.append(owner, sealed);
  spill.append(owner, must(chain[50], 'op'));
  spill.takeBack();
  spill.append(owner, must(chain[40], 'op'));
  spill.forget(owner, 30, true);
  expect(opsIn(readFileSync(path))).toEqual(textsOf(chain.slice(30, 41)));
  spill.append(owner, must(chain[41], 'op'));
  // Noted, and not worth a new file yet; then the centre is put back to an earlier day.
  spill.forget(owner, 38);
  spill.forget(owner, 34, true);
  expect(opsIn(readFileSync(path))).toEqual(textsOf(chain.slice(34, 42)));
  spill.close();
});
