import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../../../crm/database.ts';
import { nodeScrypt } from '../../../../../crm/node-crypto.ts';
import { cliOf } from '../../../../contract/cli.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
import { addStampCard } from '../../../../parts/storm-ledger.ts';
import type { TestTill } from '../../../../parts/till.ts';
import { CASHIER_PIN, MANAGER_PIN, openTestCentre, type TestCentre } from '../../../crm/test-centre.ts';
import { injected, makeCode } from '../../../crm/test-till.ts';
import { createShelf } from '../../core/shelf.ts';

let postgres: PostgresPart;
let centre: TestCentre;
let serverUrl: string;

beforeAll(async () => {
  postgres = await startPostgres();
  centre = await openTestCentre({ url: await postgres.createDatabase(), scrypt: nodeScrypt });
  await centre.app.listen({ host: '127.0.0.1', port: 0 });
  serverUrl = `http://127.0.0.1:${(centre.app.server.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  await centre.close();
  await postgres.stop();
});
const { newFolder, open, clear } = createShelf({ onRenewed: () => undefined });
afterEach(clear);

const MANAGER = ['--as', 'manager', '--pin', MANAGER_PIN];

interface Enrolled {
  till: TestTill;
  tillId: string;
}

async function enrol(tillName: string): Promise<Enrolled> {
  const till = open(newFolder());
  const code = await makeCode(injected(centre.app));
  const { tillId } = await till.client['till.enrol']({ serverUrl, code, tillName });
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  return { till, tillId };
}

const cli = () => cliOf(join(newFolder(), 'no-till'));
const report = (till: string, ...argv: string[]) => cli()('till-lost', till, '--server', serverUrl, ...argv);
const query = (sql: string, value: string) => rowsOf(centre.centre.database.sql, sql, [value]);
const stateOf = (tillId: string) => query('select state from tills where till_id = $1', tillId);
const actsOn = (tillId: string) =>
  query(
    `select action from audit_log where object_id = $1 and action in ('till.lost', 'till.holds_freed')`,
    tillId,
  );

test('whoever may not, or names no one till, changes nothing and is told why', async () => {
  const [one, two] = [await enrol('Twin'), await enrol('twin')];
  expect(await report(one.tillId, '--as', 'cashier', '--pin', CASHIER_PIN)).toMatchObject({
    exitCode: 1,
    code: 'not_allowed',
  });
  expect(await report(one.tillId, '--as', 'manager', '--pin', '111222')).toMatchObject({ code: 'pin_wrong' });
  expect(await report('till-000000000000', ...MANAGER)).toMatchObject({ exitCode: 1, code: 'not_found' });
  expect(await report('centre', ...MANAGER)).toMatchObject({ exitCode: 1, code: 'not_found' });
  const both = await report('Twin', ...MANAGER);
  expect(both).toMatchObject({ exitCode: 1, code: 'ambiguous' });
  for (const { tillId } of [one, two]) {
    expect(both.message).toContain(tillId);
    expect(await stateOf(tillId)).toEqual([{ state: 'live' }]);
    expect(await actsOn(tillId)).toEqual([]);
  }
});

test('with the line down she hears that it may not be reported, and that it does no harm to say it twice', async () => {
  const away = await cli()('till-lost', 'till-1', '--server', 'http://127.0.0.1:9', ...MANAGER);
  expect(away).toMatchObject({ exitCode: 1, code: 'centre_unreachable' });
  expect(away.message).toMatch(/may be reported or not.*that does no harm/);
});

test('a till that is only to be freed goes on', async () => {
  const { till, tillId } = await enrol('Goes on');
  expect(await report(tillId, '--only-free', ...MANAGER)).toMatchObject({
    exitCode: 0,
    data: { till: tillId, isLost: false },
  });
  expect(await stateOf(tillId)).toEqual([{ state: 'live' }]);
  expect(await actsOn(tillId)).toEqual([{ action: 'till.holds_freed' }]);
  expect(await till.client['sync.run']({})).toMatchObject({ outstanding: 0 });
});

test('a lost till is stopped by its name, twice as once; what it had not sent comes by its spill file', async () => {
  const { till, tillId } = await enrol('Front 2/左');
  const cardId = await addStampCard(till.client, 'Tan');
  await till.client['stamps.add']({ opId: till.opId(), cardId, count: 3 });
  for (const named of ['Front 2/左', 'front 2/左', tillId]) {
    expect(await report(named, ...MANAGER)).toMatchObject({
      exitCode: 0,
      data: { till: named, isLost: true },
    });
    expect(await stateOf(tillId)).toEqual([{ state: 'lost' }]);
  }
  await expect(till.client['sync.run']({})).rejects.toMatchObject({ code: 'till_lost' });
  expect(await till.client['sync.getStatus']({})).toMatchObject({
    state: 'stopped',
    problem: { code: 'till_lost' },
  });
  const file = join(till.dir, 'spill.log');
  const brought = await cli()('import-spill', file, '--server', serverUrl, ...MANAGER);
  expect(brought).toMatchObject({ exitCode: 0, data: { kept: 0, refused: 0 } });
  expect(
    await query('select balance::int from accounts join cards using (account_id) where card_id = $1', cardId),
  ).toEqual([{ balance: 3 }]);
});
