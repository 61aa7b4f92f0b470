import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import type { CardTypeId } from '../../sync/base/ids.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { memberName, scanNotice, signIn, syncNow, theBox, chip } from './counter.ts';
import { askCode, cli, test } from './shop.ts';

/** Headers that belong to one of the two connections only. */
const OWN = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'content-encoding',
  'accept-encoding',
]);

interface Gate {
  url: string;
  /** From now on requests to these paths wait. */
  hold(...paths: string[]): void;
  /** Those that wait go on. */
  release(path: string): void;
  end(): Promise<void>;
}

/** A line on which some questions stay on the way for as long as the test likes. */
async function openGate(upstream: string): Promise<Gate> {
  const held = new Map<string, (() => void)[]>();
  const passing = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const path = new URL(request.url ?? '/', upstream).pathname;
    const waiting = held.get(path);
    if (waiting !== undefined) await new Promise<void>((go) => waiting.push(go));
    const packing = request.headers['content-encoding'];
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !OWN.has(name) ? [[name, value]] : [],
    );
    const reply = await fetch(new URL(request.url ?? '/', upstream), {
      method: request.method ?? 'GET',
      headers: {
        ...Object.fromEntries(headers),
        ...(packing && { 'content-encoding': packing }),
        'accept-encoding': 'identity',
      },
      ...(request.method === 'POST' && { body: new Uint8Array(body) }),
    });
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await reply.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    passing(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const release = (path: string): void => {
    const waiting = held.get(path) ?? [];
    held.delete(path);
    for (const go of waiting) go();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (...paths) => paths.forEach((path) => held.set(path, [])),
    release,
    end: () => {
      for (const path of [...held.keys()]) release(path);
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

const FIND = '/v1/members/find';

test('whom this till does not hold yet is asked for at the centre: she opens, or nobody knows her', async ({
  launchEnrolled,
  newFolder,
  shop,
}) => {
  const gate = await openGate(shop.url);
  const dataFolder = await newFolder();
  const code = await askCode(gate.url);
  await cli(['enrol', '--server', gate.url, '--code', code, '--data', dataFolder]);
  const { page } = await launchEnrolled({ dataFolder });
  await signIn(page);
  await syncNow(page);
  // What other tills do is on its way, and stays there.
  gate.hold('/v1/exchange', '/v1/wake', FIND);
  const other = await TestTill.enrol(overHttp(shop.url));
  other.cardTypeId = 'coffee' as CardTypeId;
  other.makeMember({ lastName: 'Chua', firstName: 'Bee Lian', mobile: '+6598880002' });
  const spare = other.cardNumbers.at(-1) ?? '';
  other.makeMember({ lastName: 'Ong', firstName: 'Kim', lookupId: 'ONG-77' });
  await other.sync();

  await test.step('a phone, taken with Enter', async () => {
    await theBox(page).fill('9888 0002');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('asking-centre')).toBeVisible();
    gate.release(FIND);
    await expect(memberName(page)).toHaveText('Chua Bee Lian');
  });
  await test.step('a look-up ID, asked for with Enter', async () => {
    await theBox(page).fill('ONG-77');
    await expect(page.getByTestId('ask-centre')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(memberName(page)).toHaveText('Ong Kim');
  });
  await test.step('nobody, also there', async () => {
    await theBox(page).fill('9888 7777');
    await expect(page.getByTestId('results')).toContainText('Nobody, also at the centre');
    await page.keyboard.press('Escape');
  });
  await test.step('a scanned card that nobody holds anywhere', async () => {
    gate.hold(FIND);
    await page.keyboard.type(spare);
    await page.keyboard.press('Enter');
    await expect(scanNotice(page)).toContainText('Asking the centre');
    gate.release(FIND);
    await expect(scanNotice(page)).toContainText('also at the centre');
  });
  await test.step('a line that says nothing: after a second and a half she sees that nobody was asked', async () => {
    gate.hold(FIND);
    await theBox(page).fill('9888 6666');
    await expect(page.getByTestId('results')).toContainText('could not be asked', { timeout: 4_000 });
    await theBox(page).fill('');
  });
  await test.step('what was held back comes, and she is still the same', async () => {
    gate.release('/v1/exchange');
    gate.release('/v1/wake');
    await expect(chip(page)).toHaveAttribute('data-state', 'idle');
    await theBox(page).fill('9888 0002');
    await expect(page.getByRole('option')).toHaveCount(1);
  });
  await gate.end();
});
