import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyCentre } from '../../../../../crm/routes/health.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import { nodeScrypt } from '../../../../../electron/core/crypto.ts';
import { EMPTY_ROWS } from '../../../../../sync/model/feed.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
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

/** As a cut leaves a copy right after the files of a pull: what files do not carry is missing. */
function unsettle(cursor: number): void {
  const replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  const { epoch } = replica.meta();
  replica.apply(EMPTY_ROWS, { epoch, cursor, isSettled: false });
  replica.close();
}

test('a copy that lacks entries of a centre that was put back to before them hears so, and goes on (R-N9)', async () => {
  till = openTestTill(dir);
  const code = await makeCode(injected(server.app));
  await till.client['till.enrol']({ serverUrl: `http://127.0.0.1:${port}`, code, tillName: 'Till' });
  await till.client['sync.run']({});
  await server.close();
  const earlier = await postgres.copyDatabase(url);
  await openServer();
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft: { lastName: 'Early' }, cardTypeId: null, cardNumber: null },
    hasMarketingConsent: false,
  });
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
