import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LongRead } from '../../../../db/errors.ts';
import { openFile } from '../../../../db/open.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { runTask } from '../../../../db/replica/worker-tasks.ts';
import type { MemberId } from '../../../../sync/base/ids.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';
import { member } from '../samples.ts';

const LOG_BYTES_MAX = 64 * 1024 * 1024;
/** Two pauses of the reader. */
const MEMBERS = 2_000;
const WRITTEN_BYTES = 40 * 1024 * 1024;

let dir: string;
let path: string;
beforeEach(() => {
  dir = makeFolder();
  path = join(dir, 'replica.db');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Somebody new, as a page of the feed brings them. */
const pageOf = (from: number, count: number) => ({
  ...EMPTY_ROWS,
  members: Array.from({ length: count }, (_, at) => {
    const memberId = `01890000-0000-7000-8000-${String(from + at).padStart(12, '0')}` as MemberId;
    return member(from + at, { memberId, seq: from + at, lookupId: `L${from + at}` });
  }),
});
const ignore = { member: () => undefined, card: () => undefined, account: () => undefined };

/** As much as thousands of pages of the feed would. */
function writeMuch(): void {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'replica' });
  raw.exec('CREATE TABLE much (bytes BLOB)');
  raw.prepare('INSERT INTO much VALUES (zeroblob(?))').run(WRITTEN_BYTES);
  raw.close();
}

test('who reads for too long gives way before the log is too long; writers go on, and then it is moved (R-D11)', async () => {
  const replica = openReplica({ path, keyHex: KEY_HEX });
  const write = (from: number, count: number): void =>
    replica.apply(pageOf(from, count), { epoch: 'e', cursor: from + count, isSettled: true });
  write(1, MEMBERS);
  let pauses = 0;
  const reading = replica.eachRowInSlices(ignore, async () => {
    pauses += 1;
    writeMuch();
    write(MEMBERS + 1, 1);
  });
  await expect(reading).rejects.toThrow(LongRead);
  expect([pauses, replica.counts().members]).toEqual([1, MEMBERS + 1]);
  expect(statSync(`${path}-wal`).size).toBeLessThan(LOG_BYTES_MAX);
  await runTask({ path, keyHex: KEY_HEX }, { name: 'checkpoint' });
  expect(replica.logPages()).toBe(0);
  write(MEMBERS + 2, 1);
  replica.close();
});
