import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import type { CardTypeId } from '../../../../sync/base/ids.ts';
import {
  endTestTill,
  KEY_HEX,
  makeFolder,
  openTestTill,
  seedFolder,
  startTestTill,
} from '../../../parts/till.ts';

let dir: string;
beforeEach(() => {
  dir = makeFolder();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** As a settled pull leaves it: the rows are in the copy, so the till's own keys are gone. */
function forgetOwnKeys(folder: string): void {
  const till = openTill({ path: join(folder, 'till.db'), keyHex: KEY_HEX });
  till.ops.recordAcks([{ firstTseq: 1, count: 1, firstSeq: 90 }], []);
  till.ops.forgetKeys(100);
  till.close();
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'started';
  } catch (cause) {
    return (cause as { code?: string }).code ?? String(cause);
  }
};

test('a folder serves one core at a time, and the next one after it closed', async () => {
  await seedFolder(dir);
  const first = openTestTill(dir);
  expect(codeOf(() => openTestTill(dir))).toBe('in_use');
  await first.close();
  const second = openTestTill(dir);
  await second.close();
});

test('the wrong key opens nothing and changes nothing', async () => {
  await seedFolder(dir);
  const before = readFileSync(join(dir, 'till.db'));
  expect(codeOf(() => openTestTill(dir, { keyHex: '00'.repeat(32) }))).toBe('key_wrong');
  expect(readFileSync(join(dir, 'till.db')).equals(before)).toBe(true);
  const till = openTestTill(dir);
  await till.close();
});

test('a damaged copy is set aside and made anew; own actions stay and are found, and people can still sign in', async () => {
  const till = await startTestTill();
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', mobile: '9111 0001' },
    cardTypeId: 'coffee' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  await till.close();
  forgetOwnKeys(till.dir);
  const path = join(till.dir, 'replica.db');
  const bytes = readFileSync(path);
  bytes.fill(0xaa, 0, 4096);
  writeFileSync(path, bytes);
  const again = openTestTill(till.dir);
  const verified = await again.client['till.verify']({});
  expect(verified).toMatchObject({ ok: true, ownOps: 1, members: 0, cursor: 0 });
  expect(readdirSync(till.dir).some((name) => name.includes('damaged'))).toBe(true);
  await again.signIn('cashier');
  for (const text of ['9111 0001', member.cards[0]?.cardNumber ?? '']) {
    const { members } = await again.client['members.lookup']({ text });
    expect(members.map((hit) => hit.memberId)).toEqual([member.memberId]);
  }
  await endTestTill(again);
});

test('a copy from a newer program is read, and nothing is saved until the update', async () => {
  await seedFolder(dir);
  const raw = new Database(join(dir, 'replica.db'));
  raw.pragma(`cipher='aegis'`);
  raw.pragma(`key='raw:${'5a'.repeat(32)}'`);
  raw.pragma('user_version = 9999');
  raw.close();
  const till = openTestTill(dir);
  await till.signIn('cashier');
  expect((await till.client['till.get']({})).restriction).toBe('update_needed');
  const adding = till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan' },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  await expect(adding).rejects.toMatchObject({ code: 'update_needed' });
  await till.close();
});

test('an empty folder starts as a till that is not set up, and says so when asked to save', async () => {
  const till = openTestTill(dir);
  expect((await till.client['till.get']({})).enrolment).toBeNull();
  await expect(till.client['sync.run']({})).rejects.toMatchObject({ code: 'not_enrolled' });
  await expect(till.client['session.signIn']({ login: 'cashier', pin: '480617' })).rejects.toMatchObject({
    code: 'pin_wrong',
  });
  await till.close();
  expect(existsSync(join(dir, 'till.db'))).toBe(true);
});
