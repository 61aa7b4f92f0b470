import { afterAll, beforeAll, expect, test } from 'vitest';
import { MESSAGE_CHARS_MAX } from '../../../../../electron/contract/port.ts';
import { ask, newBrowser, openSocket, openTab } from './browser.ts';
import { openOffice, type OfficeSite } from './office-site.ts';

let site: OfficeSite;
let browser: string;
beforeAll(async () => {
  site = await openOffice();
  browser = await newBrowser(site.url);
});
afterAll(() => site.close());

/** What a page asks for the line with, and one thing wrong with it. */
const status = async (wrong: Record<string, string>): Promise<number | 'open'> => {
  const socket = await openSocket(site.url, { origin: site.url, cookie: browser, ...wrong });
  if (typeof socket === 'number') return socket;
  socket.terminate();
  return 'open';
};

test('the page comes with headers that let nothing in but our own files and the one line', async () => {
  const { status: code, headers, body } = await ask(site.url);
  expect([code, body]).toEqual([200, '<!doctype html><title>Counterfoil</title>']);
  const policy = String(headers['content-security-policy']).split('; ');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain(`connect-src ${site.url.replace('http', 'ws')}/port`);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(String(headers['set-cookie'])).toMatch(
    /^counterfoil-browser=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const asset = await ask(site.url, { path: '/assets/page-1.js', headers: { cookie: browser } });
  expect(asset.headers['cache-control']).toContain('immutable');
  expect(asset.headers['set-cookie']).toBeUndefined();
});

test.each([
  '/../secret.json',
  '/assets/../../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/assets/..\\..\\secret.json',
  '//secret.json',
  '/.stamp',
  '/assets/',
  '/assets',
  '/index.html/',
  '/index.html%00.js',
  '/office/till.db',
  '/../office/till.key',
  'http://127.0.0.1/../secret.json',
])('no path leads out of the page: %s', async (path) => {
  const { status: code, body } = await ask(site.url, { path });
  expect([code, body]).toEqual([404, 'There is nothing here.\n']);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('nothing but reading: %s', async (method) => {
  expect((await ask(site.url, { method })).status).toBe(405);
});

test.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost:1', 'office'])(
  'a name that is not ours shows nothing and opens no line, as a rebound name would: "%s"',
  async (host) => {
    expect((await ask(site.url, { headers: { host } })).status).not.toBe(200);
    expect(await status({ host, origin: `http://${host}` })).not.toBe('open');
  },
);

test('our own page opens a line; another site’s, one without an origin or without our cookie does not', async () => {
  const { port } = new URL(site.url);
  expect(await status({})).toBe('open');
  expect(await status({ origin: 'http://evil.example' })).toBe(403);
  expect(await status({ origin: 'null' })).toBe(403);
  expect(await status({ origin: `https://127.0.0.1:${port}` })).toBe(403);
  // The same computer, but not the address that the page was read from.
  expect(await status({ origin: `http://localhost:${port}` })).toBe(403);
  expect(await status({ origin: `http://127.0.0.1:${Number(port) + 1}` })).toBe(403);
  expect(await status({ origin: `${site.url}.evil.example` })).toBe(403);
  expect(await status({ cookie: '' })).toBe(403);
  expect(await status({ cookie: 'counterfoil-browser=short' })).toBe(403);
  expect(await status({ origin: '' })).toBe(403);
});

test('a message that is too large, no JSON, or bytes ends the line; the others stay', async () => {
  const other = await openTab(site.url, browser);
  const wrong = async (send: (tab: Awaited<ReturnType<typeof openTab>>) => void): Promise<number> => {
    const tab = await openTab(site.url, browser);
    send(tab);
    return tab.closed;
  };
  const text = 'x'.repeat(MESSAGE_CHARS_MAX);
  expect(await wrong(({ socket }) => socket.send(JSON.stringify({ text })))).toBe(1009);
  expect(await wrong(({ socket }) => socket.send('x'.repeat(MESSAGE_CHARS_MAX * 4)))).toBe(1009);
  expect(await wrong(({ socket }) => socket.send('{"t":'))).toBe(1003);
  expect(await wrong(({ socket }) => socket.send(Buffer.from('{}')))).toBe(1003);
  expect(await other.calls['core.ping']({})).toEqual({});
});

test('whoever does not begin with a hello is no page', async () => {
  const socket = await openSocket(site.url, { origin: site.url, cookie: browser });
  if (typeof socket === 'number') throw new Error('refused');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.send(JSON.stringify({ t: 'request', id: '1', method: 'till.get', input: {} }));
  expect(await closed).toBe(1005);
});

test('what is no request is dropped, and the line stays', async () => {
  const tab = await openTab(site.url, browser);
  for (const message of [null, 5, 'text', [], {}, { t: 'close' }, { t: 'request' }, { t: 'ready' }])
    tab.socket.send(JSON.stringify(message));
  expect(await tab.calls['core.ping']({})).toEqual({});
});
