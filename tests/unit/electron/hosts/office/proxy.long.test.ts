import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { PINS } from '../../../../parts/shop.ts';
import { startTlsProxy, type TlsProxy } from '../../../../parts/tls-proxy.ts';
import { ask, openSocket, tabOver, type Answer, type Tab } from './browser.ts';
import { openOffice, type OfficeSite } from './office-site.ts';

const NAME = 'office.example';
const ORIGIN = `https://${NAME}`;
/** Addresses of this computer: where the program in front comes from, and two askers. */
const [PROXY, ANN, BOB] = ['127.0.0.9', '127.0.0.21', '127.0.0.22'];
const TRIES = 20;

let site: OfficeSite;
let proxy: TlsProxy;
beforeAll(async () => {
  site = await openOffice({}, ['--origin', ORIGIN, '--proxy', PROXY]);
  proxy = await startTlsProxy(NAME, { port: site.port, from: PROXY });
});
afterAll(async () => {
  await proxy.close();
  await site.close();
});

const over = (from: string) => ({ servername: NAME, ca: proxy.cert, localAddress: from });

function askOver(from: string, headers: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { ...over(from), host: '127.0.0.1', port: proxy.port, headers: { host: NAME, ...headers } },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    asked.once('error', reject);
    asked.end();
  });
}
async function cookieOf(from: string): Promise<string> {
  const { headers } = await askOver(from);
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

/** The page's line through TLS; the status of the refusal where it is refused. */
function lineOver(from: string, headers: Record<string, string>): Promise<WebSocket | number> {
  const asked = { ...over(from), headers: { host: NAME, origin: ORIGIN, ...headers } };
  const socket = new WebSocket(`wss://127.0.0.1:${proxy.port}/port`, asked);
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.once('error', () => resolve(0));
  });
}
async function tabFrom(from: string, headers: Record<string, string> = {}): Promise<Tab> {
  const socket = await lineOver(from, { cookie: await cookieOf(from), ...headers });
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return tabOver(socket);
}
const signIn = ({ calls }: Tab, login = 'manager', pin: string = PINS.manager) =>
  calls['session.signIn']({ login, pin });

test('the page comes with a cookie and headers of its address with TLS, and the line of that address', async () => {
  const { status, headers, body } = await askOver(ANN);
  expect([status, body]).toEqual([200, '<!doctype html><title>Counterfoil</title>']);
  expect(String(headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  expect(headers['strict-transport-security']).toBe('max-age=31536000');
  expect(String(headers['content-security-policy'])).toContain(`connect-src wss://${NAME}/port;`);
});

test('the line opens over TLS for our own page, and somebody works over it', async () => {
  const tab = await tabFrom(ANN);
  await signIn(tab);
  expect((await tab.calls['till.get']({})).session?.person.role).toBe('manager');
  await tab.calls['session.signOut']({});
  await tab.leave();
});

test('the page’s address without TLS, another site and a page without the cookie open no line', async () => {
  const cookie = await cookieOf(ANN);
  expect(await lineOver(ANN, { cookie, origin: `http://${NAME}` })).toBe(403);
  expect(await lineOver(ANN, { cookie, origin: 'https://evil.example' })).toBe(403);
  expect(await lineOver(ANN, { cookie: '' })).toBe(403);
  expect(await lineOver(ANN, { cookie, host: 'evil.example' })).toBe(421);
});

test('whoever comes past the program in front is not answered, whatever address is named', async () => {
  const url = `http://127.0.0.1:${site.port}`;
  for (const headers of [{ host: NAME }, { host: NAME, 'x-forwarded-for': PROXY }]) {
    const { status, body } = await ask(url, { headers });
    expect([status, body]).toEqual([403, expect.stringContaining('program in front')]);
    const cookie = await cookieOf(ANN);
    expect(await openSocket(url, { ...headers, origin: ORIGIN, cookie })).toBe(403);
  }
});

test('who guesses PINs is stopped by the address that the program in front saw, not by one that was named', async () => {
  const wrong = async (at: number): Promise<void> => {
    const tab = await tabFrom(ANN, { 'x-forwarded-for': `198.51.100.${at}` });
    await expect(signIn(tab, `nobody-${at}`, '000000')).rejects.toMatchObject({ code: 'pin_wrong' });
    await tab.leave();
  };
  for (let at = 0; at < TRIES; at += 1) await wrong(at);
  const late = await tabFrom(ANN, { 'x-forwarded-for': BOB });
  await expect(signIn(late)).rejects.toMatchObject({ code: 'pin_locked' });
  const other = await tabFrom(BOB);
  expect((await signIn(other)).person.role).toBe('manager');
  await late.leave();
  await other.leave();
});
