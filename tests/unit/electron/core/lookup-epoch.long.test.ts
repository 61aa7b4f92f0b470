import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { countAnew } from '../../../../crm/count-anew.ts';
import { verifyCentre } from '../../../../crm/routes/health.ts';
import { nodeScrypt } from '../../../../electron/core/crypto.ts';
import { httpLine } from '../../../../electron/core/http-line.ts';
import { makeFolder, openTestTill, type TestTill } from '../../../parts/till.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../../crm/test-centre.ts';
import { injected, makeCode, TestTill as OtherTill, type CardRef } from '../../crm/test-till.ts';

/** Somebody is asked for online while the centre is put back to an earlier day, and counts anew. */

let postgres: PostgresPart;
let url: string;
let server: TestCentre;
let port = 0;
let dir: string;
let till: TestTill;
let other: OtherTill;
let tan: CardRef;

async function openServer(): Promise<void> {
  server = await openTestCentre({ url, scrypt: nodeScrypt });
  await server.app.listen({ host: '127.0.0.1', port });
  ({ port } = server.app.server.address() as AddressInfo);
}

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  [dir, port] = [makeFolder(), 0];
  url = await postgres.createDatabase();
  await openServer();
  till = openTestTill(dir);
  const code = await makeCode(injected(server.app));
  await till.client['till.enrol']({ serverUrl: `http://127.0.0.1:${port}`, code, tillName: 'Till' });
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  await till.client['sync.run']({});
  other = await OtherTill.enrol(injected(server.app));
  tan = other.makeMember({ mobile: '+6591110001', lastName: 'Early' });
  await other.sync();
});
afterEach(async () => {
  await till.close();
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The centre forgets what came after `copied`, and is told so. */
async function putBack(copied: string): Promise<void> {
  await server.close();
  url = copied;
  await openServer();
  const { database, crypto } = server.centre;
  await database.transaction((tx) => countAnew(tx, crypto));
}

type Held = Readonly<{ path: string; come: () => void; gate: Promise<void> }>;

/** Answers of a kind come, and are kept back from when `holdBack` is called until they are let go. */
function keepAnswers() {
  const held: Held[] = [];
  const real = httpLine.send;
  vi.spyOn(httpLine, 'send').mockImplementation(async (to, asked) => {
    const answer = await real(to, asked);
    const kept = held.find(({ path }) => answer.ok && path === to.pathname);
    kept?.come();
    await kept?.gate;
    return answer;
  });
  return (path: string) => {
    const [come, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    held.push({ path, come: come.resolve, gate: gate.promise });
    return { come: come.promise, letGo: gate.resolve };
  };
}

test('what was found before the centre was put back is not taken into the empty copy of after', async () => {
  await server.close();
  const earlier = await postgres.copyDatabase(url);
  await openServer();
  other.post = injected(server.app);
  other.make({ kind: 'member.changed', memberId: tan.memberId, fields: { lastName: 'Late' } });
  await other.sync();
  const holdBack = keepAnswers();
  const find = holdBack('/v1/members/find');
  const asking = till.client['members.lookupOnline']({ text: '91110001' });
  await find.come;
  await putBack(earlier);
  // The copy is empty from here until this answer is taken in.
  const exchange = holdBack('/v1/exchange');
  const syncing = till.client['sync.run']({});
  await exchange.come;
  find.letGo();
  const { outcome } = await asking;
  exchange.letGo();
  await syncing;
  vi.restoreAllMocks();
  await till.client['sync.run']({});
  const { members } = await till.client['members.lookup']({ text: '91110001' });
  expect([outcome, members.map(({ name }) => name)]).toEqual(['no_line', ['Early Wei Ling']]);
  expect((await till.client['till.verify']({})).stateHash).toBe(
    (await verifyCentre(server.centre)).stateHash,
  );
}, 60_000);
