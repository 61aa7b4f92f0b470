import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../../crm/database.ts';
import { nodeCrypto } from '../../../../crm/node-crypto.ts';
import { verifyCentre } from '../../../../crm/routes/health.ts';
import { openFile } from '../../../../db/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import type { MemberId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { KEY_HEX, makeFolder, openTestTill, type TestTill } from '../../../parts/till.ts';
import { addSecond, anonymisedBy } from '../../../parts/second.ts';
import { MANAGER_PIN, type TestCentre } from '../../crm/test-centre.ts';
import { injected, makeCode, TestTill as WireTill } from '../../crm/test-till.ts';
import { openServedCentre } from './served-centre.ts';

/** Every one of them would show who it was. */
const CANARIES = ['Canarywood', 'Zebedee', '91234567', 'zebedee@canary.test', 'SecretReason'];

let end: () => Promise<void>;
let centre: TestCentre;
let serverUrl: string;

beforeAll(async () => {
  ({ centre, serverUrl, end } = await openServedCentre());
  await addSecond(centre.centre);
}, 60_000);
afterAll(() => end());

/** Canaries that can be read in the folder: in any file as it lies there, and in any row of both databases. */
function canariesIn(dir: string): string[] {
  const found = new Set<string>();
  const look = (where: string, text: string): void => {
    const folded = text.toLowerCase();
    for (const canary of CANARIES)
      if (folded.includes(canary.toLowerCase())) found.add(`${where}: ${canary}`);
  };
  for (const name of readdirSync(dir)) {
    if (statSync(join(dir, name)).isFile()) look(name, readFileSync(join(dir, name)).toString('latin1'));
  }
  for (const file of ['till', 'replica'] as const) {
    const raw = openFile({ path: join(dir, `${file}.db`), keyHex: KEY_HEX, file });
    const tables = raw.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
    for (const table of tables as string[]) {
      for (const row of raw.prepare(`SELECT * FROM "${table}"`).all()) {
        look(`${file}.${table}`, JSON.stringify(row));
      }
    }
    raw.close();
  }
  return [...found].sort();
}

async function enrolled(): Promise<TestTill> {
  const till = openTestTill(makeFolder(), { onRenewed: () => undefined });
  await till.client['till.enrol']({
    serverUrl,
    code: await makeCode(injected(centre.app)),
    tillName: 'Till',
  });
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  return till;
}

async function addCanary(till: TestTill): Promise<MemberId> {
  const { cardTypes } = await till.client['till.get']({});
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: {
      lastName: 'Canarywood',
      firstName: 'Zebedee',
      mobile: '+6591234567',
      email: 'zebedee@canary.test',
    },
    cardTypeId: must(
      cardTypes.find(({ kind }) => kind === 'stamp'),
      'the chain stamps',
    ).cardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  return member.memberId;
}

async function anonymise(memberId: MemberId): Promise<void> {
  const other = await WireTill.enrol(injected(centre.app));
  await other.sync();
  const text = 'select state_epoch as epoch from members where member_id = $1';
  await rowsOf(centre.centre.database.sql, text, [memberId]).catch(() => []);
  other.make(anonymisedBy(memberId, { epoch: 0 }), { salt: 'ab'.repeat(16) });
  await other.sync();
}

test('an anonymised member is in no file of the till that enrolled them; chain and receipts go on (N15)', async () => {
  const till = await enrolled();
  const memberId = await addCanary(till);
  await till.client['sync.run']({});
  await till.close();
  expect(canariesIn(till.dir).map((line) => line.split(':')[0])).toContain('till.ops');

  const again = openTestTill(till.dir);
  const head = (await again.client['till.verify']({})).chainHead;
  // What a fill that was cut off would hold.
  writeFileSync(join(till.dir, 'replica.db.fill'), 'Canarywood');
  await anonymise(memberId);
  await again.client['sync.run']({});
  expect(await again.client['till.verify']({})).toMatchObject({ ok: true, chainHead: head });
  const [receipt] = await rowsOf<{ count: number }>(
    centre.centre.database.sql,
    'select count(*)::int as count from erasure_receipts where erasure_no > 0',
  );
  await again.client['sync.run']({});
  const [after] = await rowsOf<{ count: number }>(
    centre.centre.database.sql,
    'select count(*)::int as count from erasure_receipts where erasure_no > 0',
  );
  expect([receipt?.count, after?.count]).toEqual([0, 1]);
  await again.close();
  expect(statSync(join(till.dir, 'spill.log')).size).toBeGreaterThan(0);
  expect(canariesIn(till.dir)).toEqual([]);
  rmSync(till.dir, { recursive: true, force: true });
});

test('a till that counts anew sends an erased op without its body: the centre knows it by hash, and no copy is stopped', async () => {
  const till = await enrolled();
  const memberId = await addCanary(till);
  await till.client['sync.run']({});
  await anonymise(memberId);
  await till.client['sync.run']({});
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  file.ops.forgetAcks();
  expect(file.ops.listOpen(memberId, -1).filter(({ commitment }) => commitment !== undefined)).toEqual([]);
  file.close();
  const before = await verifyCentre(centre.centre);
  const again = openTestTill(till.dir);
  expect(await again.client['sync.run']({})).toMatchObject({ outstanding: 0 });
  expect(await verifyCentre(centre.centre)).toEqual(before);
  await again.close();
  rmSync(till.dir, { recursive: true, force: true });
});

test('a centre that lost an op before it was erased takes it as it is now: numbered, held, its chain whole', async () => {
  const till = await enrolled();
  const memberId = await addCanary(till);
  await till.client['sync.run']({});
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  expect(file.ops.erase(memberId, { tseq: 1, crypto: nodeCrypto })).toBe(0);
  const { tillId, tseq } = must(file.ops.listAfter(0, 1)[0], 'an op').op;
  file.ops.forgetAcks();
  file.close();
  const { sql } = centre.centre.database;
  await sql.query('delete from op_waits where seq in (select seq from ops where till_id = $1)', [tillId]);
  await sql.query('delete from consents where op_id in (select op_id from ops where till_id = $1)', [tillId]);
  await sql.query('update tills set hi_tseq = 0, head_hash = $2 where till_id = $1', [
    tillId,
    '0'.repeat(32),
  ]);
  await sql.query('delete from ops where till_id = $1', [tillId]);
  const again = openTestTill(till.dir);
  await again.client['sync.run']({});
  const [kept] = await rowsOf<{ hash: string; commitment: string; held: string }>(
    sql,
    'select hash, commitment, held_reason as held from ops where till_id = $1 and tseq = $2',
    [tillId, tseq],
  );
  expect(kept).toMatchObject({ held: 'bad_body', hash: (await again.client['till.verify']({})).chainHead });
  expect(kept?.commitment).toMatch(/^[0-9a-f]{64}$/);
  await again.close();
  rmSync(till.dir, { recursive: true, force: true });
});
