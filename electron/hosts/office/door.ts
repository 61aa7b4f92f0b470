import { randomBytes } from 'node:crypto';
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { OFFICE_LINE_PATH } from '../../contract/office.ts';
import { addressOf, listOrigins, listProxies, type IsProxy } from './addresses.ts';
import type { Caller } from './desks.ts';
import { createLine, FRAME_BYTES_MAX, type Line } from './line.ts';
import type { OfficeOptions } from './options.ts';
import type { PageFiles } from './page-files.ts';

const CONNECTIONS_MAX = 256;
const REQUEST_MS_MAX = 10_000;
const COOKIE = 'counterfoil-browser';
const COOKIE_WORD = new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]{32})(?:;|$)`);

type DoorOptions = Pick<OfficeOptions, 'host' | 'port' | 'origin' | 'tls' | 'proxies'>;

export interface Door {
  /** What people type. */
  url: string;
  /** Where it listens; behind a program in front nobody types it. */
  port: number;
  close(): Promise<void>;
}

/** As the window's page has it, with the one line that this page opens. */
const policyFor = (origin: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${origin.replace(/^http/, 'ws')}${OFFICE_LINE_PATH}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

function headersFor(origin: string): Record<string, string> {
  return {
    'content-security-policy': policyFor(origin),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), hid=(), serial=()',
    ...(origin.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

const browserOf = ({ headers }: IncomingMessage): string | undefined =>
  COOKIE_WORD.exec(headers.cookie ?? '')?.[1];

const newCookie = (origin: string): string =>
  `${COOKIE}=${randomBytes(16).toString('hex')}; Path=/; HttpOnly; SameSite=Strict` +
  (origin.startsWith('https:') ? '; Secure' : '');

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  response.end(`${words}\n`);
}

/** In the clear, where the program in front would have made TLS. */
const PAST_PROXY =
  'This office answers the program in front of it only. Use the address that you were given.';

/** The page's files and nothing else; paths are compared as they came, so none leads anywhere. */
function createPage(
  files: PageFiles,
  { origins, isProxy }: { origins: () => ReadonlyMap<string, string>; isProxy: IsProxy | null },
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (addressOf(request, isProxy) === null) return refuse(response, 403, PAST_PROXY);
    const origin = origins().get(request.headers.host ?? '');
    if (origin === undefined) return refuse(response, 421, 'This is not an address of this office.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'Only reading is possible here.');
    const file = files.get((request.url ?? '').split('?')[0] ?? '');
    if (file === undefined) return refuse(response, 404, 'There is nothing here.');
    response.writeHead(200, {
      ...headersFor(origin),
      'content-type': file.contentType,
      'content-length': file.bytes.length,
      'cache-control': file.isForEver ? 'public, max-age=31536000, immutable' : 'no-store',
      ...(browserOf(request) === undefined ? { 'set-cookie': newCookie(origin) } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  };
}

const slam = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
};

function listen(server: Server, { host, port }: DoorOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      // Cast: a server on a port has an address.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Serves the page, and opens lines to it for browsers that were given the page by us: an own name (`Host`), our own
 * page behind it (`Origin`), and the cookie that no other site's page can make a browser show.
 */
export async function openDoor(
  options: DoorOptions,
  files: PageFiles,
  welcome: (line: Line, caller: Caller) => void,
): Promise<Door> {
  let origins: ReadonlyMap<string, string> = new Map();
  const isProxy = options.proxies.length === 0 ? null : listProxies(options.proxies);
  const page = createPage(files, { origins: () => origins, isProxy });
  const server: Server = options.tls === null ? createHttp(page) : createHttps(options.tls, page);
  server.maxConnections = CONNECTIONS_MAX;
  server.headersTimeout = REQUEST_MS_MAX;
  server.requestTimeout = REQUEST_MS_MAX;
  const lines = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined);
    const origin = origins.get(request.headers.host ?? '');
    const browser = browserOf(request);
    const address = addressOf(request, isProxy);
    if (address === null) return slam(socket, '403 Forbidden');
    if (origin === undefined) return slam(socket, '421 Misdirected Request');
    if (request.url !== OFFICE_LINE_PATH) return slam(socket, '404 Not Found');
    if (request.headers.origin !== origin || browser === undefined) return slam(socket, '403 Forbidden');
    lines.handleUpgrade(request, socket, head, (opened) => welcome(createLine(opened), { browser, address }));
  });
  const port = await listen(server, options);
  origins = listOrigins({ ...options, port, hasTls: options.tls !== null });
  const [url = ''] = origins.values();
  return {
    url,
    port,
    close: async () => {
      for (const open of lines.clients) open.terminate();
      server.closeAllConnections();
      await new Promise<void>((done) => void server.close(() => done()));
    },
  };
}
