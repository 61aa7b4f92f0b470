import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../../../crm/database.ts';
import { nodeScrypt } from '../../../../../crm/node-crypto.ts';
import { cliOf } from '../../../../contract/cli.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
import { addStampCard } from '../../../../parts/storm-ledger.ts';
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

const STAMPS = 400;
const MANAGER = ['--as', 'manager', '--pin', MANAGER_PIN];

test('what a till that is lost had not sent is brought by a manager from any computer, once, in parts (N11)', async () => {
  const till = open(newFolder());
  await till.client['till.enrol']({
    serverUrl,
    code: await makeCode(injected(centre.app)),
    tillName: 'Lost',
  });
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  const cardId = await addStampCard(till.client, 'Tan');
  for (let count = 0; count < STAMPS; count += 1)
    await till.client['stamps.add']({ opId: till.opId(), cardId, count: 1 });
  const balance = () =>
    rowsOf(
      centre.centre.database.sql,
      'select balance::int from accounts join cards using (account_id) where card_id = $1',
      [cardId],
    );
  const cli = cliOf(join(newFolder(), 'no-till'));
  const bring = (path: string, ...who: string[]) => cli('import-spill', path, '--server', serverUrl, ...who);
  const file = join(till.dir, 'spill.log');

  expect(await bring(file, '--as', 'cashier', '--pin', CASHIER_PIN)).toMatchObject({ exitCode: 1 });
  expect(await bring(file, '--as', 'manager', '--pin', '111222')).toMatchObject({ code: 'pin_wrong' });
  const other = join(newFolder(), 'other.log');
  writeFileSync(other, 'a list of members');
  expect(await bring(other, ...MANAGER)).toMatchObject({ exitCode: 1, code: 'bad_request' });
  expect(await bring(`${other}.gone`, ...MANAGER)).toMatchObject({ exitCode: 1, code: 'bad_request' });
  expect(await balance()).toEqual([]);

  const first = await bring(file, ...MANAGER);
  expect(first).toMatchObject({ exitCode: 0, data: { known: 0, kept: 0, refused: 0 } });
  expect(await balance()).toEqual([{ balance: STAMPS }]);
  const { booked } = first.data as unknown as { booked: number };
  expect((await bring(file, ...MANAGER)).data).toEqual({ booked: 0, known: booked, kept: 0, refused: 0 });
  expect(await balance()).toEqual([{ balance: STAMPS }]);
}, 60_000);
