import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { CentreFault } from '../../../../../electron/core/centre-client.ts';
import { createFeedSource } from '../../../../../electron/core/pull/feed-source.ts';

test('a centre that is busy is heard out, however small the file was to be, and is asked again when it says', async () => {
  const body = JSON.stringify({ code: 'busy', message: 'The centre has much to do.'.padEnd(200, '.') });
  const server = createServer((_request, response) => {
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '7' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hangUp = new AbortController().signal;
  const source = createFeedSource({
    ...{ serverUrl, token: 'a'.repeat(64), incarnation: 1, timeoutMs: 5_000, hangUp },
  });
  const fault = await source.lane({ segmentId: 1, lane: 'balances' }, 90).catch((cause: unknown) => cause);
  expect(fault).toBeInstanceOf(CentreFault);
  expect(fault).toMatchObject({ kind: 'busy', code: 'busy', retryAfterMs: 7_000 });
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
