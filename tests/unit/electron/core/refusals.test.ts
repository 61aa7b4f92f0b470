import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CentreErrorCode } from '../../../../sync/protocol/exchange.ts';
import { makeFolder, openTestTill, seedFolder, type TestTill } from '../../../parts/till.ts';

const WORDS = 'The centre said no. Nothing was changed.';
/** These pass by themselves; the others are for somebody to look at. */
const PASSING: readonly string[] = ['busy', 'bug'];

let code: CentreErrorCode;
let server: Server;
let till: TestTill;
let dir: string;

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(PASSING.includes(code) ? 503 : 409, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code, message: WORDS }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  dir = makeFolder();
  await seedFolder(dir, { serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  till = openTestTill(dir);
  await till.signIn('cashier');
});
afterEach(async () => {
  await till.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

test.each(CentreErrorCode.options)(
  'a refusal %s is shown by its code and words, and the op waits on the till',
  async (refusal) => {
    code = refusal;
    await till.client['members.add']({
      opId: till.opId(),
      draft: { lastName: 'Tan' },
      cardTypeId: null,
      cardNumber: null,
      hasMarketingConsent: false,
    });
    await expect(till.client['sync.run']({})).rejects.toThrow(WORDS);
    expect(await till.client['sync.getStatus']({})).toMatchObject({
      state: PASSING.includes(refusal) ? 'offline' : 'stopped',
      problem: { code: refusal, message: WORDS },
      outstanding: 1,
    });
    expect((await till.client['till.verify']({})).problems).toEqual([]);
  },
);
