import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyCentre } from '../../../../../crm/routes/health.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import { nodeScrypt } from '../../../../../electron/core/crypto.ts';
import { EMPTY_ROWS } from '../../../../../sync/model/feed.ts';
import { startFaultProxy, type Fault } from '../../../../parts/fault-proxy.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
import { createRandom } from '../../../../sim/random.ts';
import { KEY_HEX, makeFolder, openTestTill, type TestTill } from '../../../../parts/till.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../../../crm/test-centre.ts';
import { injected, makeCode } from '../../../crm/test-till.ts';
import { writeMembers } from '../../../crm/feed/row-writer.ts';

let postgres: PostgresPart;
let url: string;
let server: TestCentre;
let port = 0;
let dir: string;
let till: TestTill | null;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  dir = makeFolder();
  till = null;
  port = 0;
  url = await postgres.createDatabase();
  await openServer();
});
afterEach(async () => {
  await till?.close();
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

async function openServer(): Promise<void> {
  server = await openTestCentre({ url, scrypt: nodeScrypt });
  await server.app.listen({ host: '127.0.0.1', port });
  ({ port } = server.app.server.address() as AddressInfo);
}

async function enrolTill(serverUrl: string): Promise<TestTill> {
  till = openTestTill(dir);
  const code = await makeCode(injected(server.app));
  await till.client['till.enrol']({ serverUrl, code, tillName: 'Till' });
  await till.client['sync.run']({});
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  return till;
}

const addMember = (to: TestTill, lastName: string) =>
  to.client['members.add']({
    ...{ opId: to.opId(), draft: { lastName }, cardTypeId: null, cardNumber: null },
    hasMarketingConsent: false,
  });

/** As a cut leaves a copy right after the files of a pull: what files do not carry is missing. */
function unsettle(cursor: number): void {
  const replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  const { epoch } = replica.meta();
  replica.apply(EMPTY_ROWS, { epoch, cursor, isSettled: false });
  replica.close();
}

test('a copy that lacks entries of a centre that was put back to before them hears so, and goes on (R-N9)', async () => {
  till = await enrolTill(`http://127.0.0.1:${port}`);
  await server.close();
  const earlier = await postgres.copyDatabase(url);
  await openServer();
  const { member } = await addMember(till, 'Early');
  await till.client['sync.run']({});
  await writeMembers(server.centre.database, { first: 1, count: 20 });
  const { seq } = await verifyCentre(server.centre);
  await till.close();
  unsettle(seq);
  await server.close();
  url = earlier;
  await openServer();
  till = openTestTill(dir);
  await till.client['sync.run']({});
  expect(await till.client['sync.getStatus']({})).toMatchObject({ outstanding: 0, problem: null });
  const { stateHash } = await till.client['till.verify']({});
  expect(stateHash).toBe((await verifyCentre(server.centre)).stateHash);
  const kept = await server.centre.database.sql.query('select 1 from members where member_id = $1', [
    member.memberId,
  ]);
  expect(kept.rows).toHaveLength(1);
}, 60_000);

test('a day that was asked about right after the centre was put back is asked about again, and proven (R-N9, N10)', async () => {
  let upstream = `http://127.0.0.1:${port}`;
  let onClose = (): void => undefined;
  const choose = (path: string): Fault => {
    if (path === '/v1/closes') onClose();
    return 'none';
  };
  const line = await startFaultProxy({ upstream: () => upstream, random: createRandom(1), choose });
  till = await enrolTill(line.url);
  await server.close();
  const earlier = await postgres.copyDatabase(url);
  await openServer();
  const putBack = await openTestCentre({ url: earlier, scrypt: nodeScrypt });
  await putBack.app.listen({ host: '127.0.0.1', port: 0 });
  const { port: otherPort } = putBack.app.server.address() as AddressInfo;
  await addMember(till, 'Early');
  const { businessDay } = await till.client['day.close']({ businessDay: null });
  const proof = async () =>
    (await till?.client['day.listCloses']({}))?.find((day) => day.businessDay === businessDay)?.proof;
  // Between the till's exchange and its question about the day.
  onClose = () => (upstream = `http://127.0.0.1:${otherPort}`);
  await till.client['sync.run']({});
  expect(await proof()).toBe('differs');
  await till.client['sync.run']({});
  expect(await proof()).toBe('equal');
  await line.stop();
  await putBack.close();
}, 60_000);
