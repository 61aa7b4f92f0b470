import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, posix, relative, sep } from 'node:path';
import { app, protocol, session, type WebFrameMain } from 'electron';

const SCHEME = 'app';
const HOST = 'till';
/** The only address a window ever shows. */
export const PAGE_URL = `${SCHEME}://${HOST}/index.html`;
/** Files that the page offers to save (`renderer/lib/host.ts`). */
const OUR_FILES = `blob:${SCHEME}://${HOST}/`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** To be called before `app` is ready, as Electron wants it. */
export function setUpSandbox(): void {
  // With --no-sandbox (root needs it) enabling the sandbox here kills every child process in a loop.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Web path -> file, taken once at start: a path that is not in the list does not exist, whatever it says. */
function listPageFiles(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [posix.join('/', ...relative(folder, path).split(sep)), path];
    }),
  );
}

/**
 * By the older of Electron's two ways: `protocol.handle` brings in a whole fetch implementation with its first request
 * and sends each answer through streams, which makes a till's start noticeably longer.
 */
function servePage(folder: string): void {
  const files = listPageFiles(folder);
  protocol.registerBufferProtocol(SCHEME, (request, answer) => {
    const url = new URL(request.url);
    const path = url.host === HOST && request.method === 'GET' ? files.get(url.pathname) : undefined;
    const refuse = (): void => answer({ statusCode: 404, data: Buffer.alloc(0) });
    if (!path) return refuse();
    const headers = {
      'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    };
    readFile(path).then((data) => answer({ headers, data }), refuse);
  });
}

function denyEverythingElse(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setDevicePermissionHandler(() => false);
  // Only what the page made itself; the person is asked where it goes.
  defaultSession.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(OUR_FILES)) event.preventDefault();
  });
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    const { protocol: scheme } = new URL(details.url);
    const isOurs = scheme === `${SCHEME}:` || details.url.startsWith(OUR_FILES);
    answer({ cancel: !isOurs && scheme !== 'data:' && scheme !== 'devtools:' });
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** To be called once `app` is ready and before the first window. `pageFolder` holds the built page. */
export function setUpSession(pageFolder: string): void {
  servePage(pageFolder);
  denyEverythingElse();
}

/** True only for the top frame of our own page; by parsed origin, since a prefix can be forged. */
export function isOurPage(frame: WebFrameMain | null): boolean {
  if (!frame || frame.parent) return false;
  try {
    const url = new URL(frame.url);
    return url.protocol === `${SCHEME}:` && url.host === HOST;
  } catch {
    return false;
  }
}
