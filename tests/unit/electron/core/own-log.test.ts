import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import { ownLog, type LogParts } from '../../../../electron/core/views/own-log.ts';
import { newId, type MemberId, type StaffId, type StoreId } from '../../../../sync/base/ids.ts';
import { CHAIN_START, sealOp, type OpBody } from '../../../../sync/model/op.ts';
import { LOG_PAGE_MAX } from '../../../../sync/protocol/log.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { createdBody, makeOp } from '../../../parts/ops.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

const DAY = '2026-11-22';
const EVERY = { day: DAY, storeId: '', person: '', kind: '' };
const folder = makeFolder();
const till = openTill({ path: join(folder, 'till.db'), keyHex: KEY_HEX });
afterAll(() => {
  till.close();
  rmSync(folder, { recursive: true, force: true });
});

let lays = 0;
const overlay = { lay: () => void (lays += 1) };
const staff = () => undefined;
const parts = { till, overlay, directory: { staff }, settings: { enrolment: () => null } };
const look = (asked: Partial<typeof EVERY>, from: { acked: number; behind: number }) => {
  lays = 0;
  const { entries, next } = ownLog(parts as unknown as LogParts, { ...EVERY, ...asked }, from);
  return { count: entries.length, pending: entries.filter(({ isPending }) => isPending).length, next, lays };
};

function append(count: number, facts: { storeId?: StoreId; actorId?: StaffId } = {}): void {
  for (let at = 0; at < count; at += 1) {
    const last = till.ops.last();
    const tseq = (last?.tseq ?? 0) + 1;
    const body = { ...createdBody(), memberId: newId<MemberId>(), card: null } as OpBody;
    const op = { ...makeOp(body, { tseq, atMs: 1_700_000_000_000 + tseq }), ...facts };
    till.transaction(() =>
      till.ops.append(sealOp({ ...op, prev: last?.hash ?? CHAIN_START }, testCrypto), []),
    );
  }
}

test('a till’s own actions come page by page, and only those of the page are named', () => {
  append(LOG_PAGE_MAX + 50);
  const first = look({}, { acked: 10, behind: 0 });
  expect(first).toEqual({ count: 200, pending: 190, next: 200, lays: 200 });
  expect(look({}, { acked: 10, behind: 200 })).toEqual({ count: 50, pending: 50, next: null, lays: 50 });
  // With the line up what the centre has is left to it: nobody is looked up for that.
  expect(look({}, { acked: 245, behind: 245 })).toEqual({ count: 5, pending: 5, next: null, lays: 5 });
});

test('another shop’s actions are not told under a shop, nor another person’s under hers', () => {
  append(3, { storeId: 'store-9' as StoreId, actorId: 'staff-9' as StaffId });
  const from = { acked: 0, behind: 240 };
  expect(look({ storeId: 'store-9' }, from).count).toBe(3);
  expect(look({ storeId: 'store-1' }, from).count).toBe(10);
  expect([look({ person: 'staff-9' }, from).count, look({ kind: 'stamp.added' }, from).count]).toEqual([
    3, 0,
  ]);
  expect(look({}, from).count).toBe(13);
});
