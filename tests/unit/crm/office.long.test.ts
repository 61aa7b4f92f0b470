import { afterAll, beforeAll, expect, test } from 'vitest';
import { newSigningKey } from '../../../crm/node-crypto.ts';
import { findTillByToken } from '../../../crm/repos/tills.ts';
import { tokenHash } from '../../../crm/enrol.ts';
import { listEntries, scopeOf } from '../../../crm/repos/feed-entries.ts';
import { must } from '../../../sync/base/must.ts';
import { EnrolReply } from '../../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from './test-centre.ts';
import { codeOf, injected, makeCode, TestTill, type Post } from './test-till.ts';

let postgres: PostgresPart;
let centre: TestCentre;
let post: Post;

beforeAll(async () => {
  postgres = await startPostgres();
  centre = await openTestCentre({ url: await postgres.createDatabase() });
  post = injected(centre.app);
}, 60_000);
afterAll(async () => {
  await centre.close();
  await postgres.stop();
});

const { publicKey: signKey, secretKey } = newSigningKey();
const askCode = async (kind: 'till' | 'office'): Promise<string> =>
  (
    (await post('/v1/enrol-codes', { login: 'manager', pin: MANAGER_PIN, storeId: null, kind })).body as {
      code: string;
    }
  ).code;
const enter = (code: string, more: object) =>
  post('/v1/enrol', { protocol: 1, code, tillName: 'Office', signKey, renews: null, ...more });

async function enrolOffice(): Promise<TestTill> {
  const { body } = await enter(await askCode('office'), { kind: 'office' });
  return new TestTill(post, EnrolReply.parse(body), secretKey);
}

test('a code lets in what it is for: a till’s no office, an office’s no till, and the refused code stays good', async () => {
  const [tillCode, officeCode] = [await makeCode(post), await askCode('office')];
  expect(codeOf(await enter(tillCode, { kind: 'office' }))).toBe('code_unknown');
  expect(codeOf(await enter(officeCode, {}))).toBe('code_unknown');
  const till = EnrolReply.parse((await enter(tillCode, {})).body);
  const office = EnrolReply.parse((await enter(officeCode, { kind: 'office' })).body);
  expect([till.kind, office.kind]).toEqual([undefined, 'office']);
});

test('an office gets the entries of all stores, by answers and by pages; a till its own store’s', async () => {
  const [first, second] = [await TestTill.enrol(post, 'store-1'), await TestTill.enrol(post, 'store-2')];
  for (const till of [first, second]) {
    const ref = till.makeMember();
    till.stamp(ref, 1);
    till.stamp(ref, 2);
    await till.sync();
  }
  const made = (till: TestTill): string[] =>
    till.ops.filter(({ kind }) => kind === 'stamp.added').map(({ opId }) => opId);
  const [office, reader] = [await enrolOffice(), await TestTill.enrol(post, 'store-2')];
  const stampsOf = (entries: readonly { opId: string; kind: string }[]): string[] =>
    entries.filter(({ kind }) => kind === 'stamp.added').map(({ opId }) => opId);
  expect(stampsOf((await office.exchange()).rows.entries)).toEqual([...made(first), ...made(second)]);
  expect(stampsOf((await reader.exchange()).rows.entries)).toEqual(made(second));

  const { sql } = centre.centre.database;
  const pages = async ({ enrolled }: TestTill): Promise<string[]> => {
    const row = must(await findTillByToken(sql, tokenHash(centre.centre, enrolled.token)), 'enrolled');
    const { entries } = await listEntries(sql, scopeOf(row), { after: 0, until: 9_999 });
    return stampsOf(entries);
  };
  expect(await pages(office)).toEqual([...made(first), ...made(second)]);
  expect(await pages(reader)).toEqual(made(second));
});

test('what an office does is booked like a till’s, with its own name and store', async () => {
  const office = await enrolOffice();
  const ref = office.makeMember();
  const { opId } = office.stamp(ref, 3);
  await office.sync();
  const reader = await TestTill.enrol(post, 'store-1');
  const { rows } = await reader.exchange();
  expect(rows.entries.find((entry) => entry.opId === opId)).toMatchObject({
    delta: 3,
    storeId: office.enrolled.storeId,
    tillId: office.enrolled.tillId,
  });
});
