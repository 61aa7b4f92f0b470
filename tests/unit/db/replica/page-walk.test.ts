import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { WALK_START, type WalkPosition } from '../../../../db/replica/repos/page-walk.ts';
import { must } from '../../../../sync/base/must.ts';
import type { MemberId } from '../../../../sync/base/ids.ts';
import { EMPTY_FIELDS, type MemberRow } from '../../../../sync/model/member.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { IDS } from '../../../parts/ops.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

let path: string;
let dir: string;
beforeEach(() => {
  dir = makeFolder();
  path = join(dir, 'replica.db');
  const replica = openReplica({ path, keyHex: KEY_HEX });
  replica.apply(
    { ...EMPTY_ROWS, members: Array.from({ length: 5_000 }, (_, at) => memberRow(at)) },
    { epoch: 'e', cursor: 9, isSettled: true },
  );
  replica.close();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const memberRow = (at: number): MemberRow => ({
  ...EMPTY_FIELDS,
  memberId: `01890000-0000-7000-8000-${String(at).padStart(12, '0')}` as MemberId,
  seq: at + 1,
  supportId: `S${at}`,
  storeId: IDS.store,
  createdAtMs: 1,
  lastName: `Name${at}`,
  lookupId: `L${at}`,
  state: 'active',
  stateEpoch: 0,
  stateReason: '',
  stateHlc: '0'.repeat(16),
  stateActorId: null,
  pdpaPolicy: '1',
  hasMarketingConsent: false,
  marketingHlc: '0'.repeat(16),
  mergedIntoId: null,
  extras: '',
});

function walkAll(): number {
  const replica = openReplica({ path, keyHex: KEY_HEX });
  try {
    let steps = 0;
    for (let at: WalkPosition | null = WALK_START; at !== null; at = replica.walkPages(at)) steps += 1;
    return steps;
  } finally {
    replica.close();
  }
}

test('a walk over a sound file ends, in small steps', () => {
  expect(walkAll()).toBeGreaterThan(5);
});

/** Leaf pages of a table, counted from 1. */
function leavesOf(table: string): number[] {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'replica' });
  const pages = raw
    .prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'")
    .pluck()
    .all(table);
  raw.close();
  return pages as number[];
}

test.each(['members', 'search_keys'])('a walk meets a damaged page of %s wherever it is', (table) => {
  const leaves = leavesOf(table);
  const sound = readFileSync(path);
  for (const share of [0, 0.5, 0.99]) {
    const bytes = Buffer.from(sound);
    const at = (must(leaves[Math.floor(leaves.length * share)], 'the table has leaves') - 1) * 4096 + 200;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(path, bytes);
    expect(walkAll).toThrow(expect.objectContaining({ code: 'damaged' }) as Error);
  }
});
