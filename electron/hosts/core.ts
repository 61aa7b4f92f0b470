/** Entry of the process that owns a till's data, forked by main as a utility process or as a plain Node. */
import { resolve } from 'node:path';
import { type Core, openCore } from '../core/index.ts';
import { AppError } from '../contract/errors.ts';
import { type Port, Request } from '../contract/port.ts';
import { loadKey } from './key-file.ts';
import { createFileLog, createStderrLog } from './log.ts';
import { openParentPort, type ParentPort } from './parent-port.ts';
import { assertRuntime, VERSION } from './runtime.ts';
import { splitParentPort } from './split-port.ts';
import { serveSupportSocket, type SupportSocket } from './support-socket.ts';

const dataDir = process.env['COUNTERFOIL_DATA'];
const log = dataDir ? createFileLog(resolve(dataDir)) : createStderrLog();

async function openTill(): Promise<Core> {
  assertRuntime();
  const bootId = process.env['COUNTERFOIL_BOOT_ID'];
  if (!dataDir || !bootId)
    throw new AppError('bad_request', 'The core needs COUNTERFOIL_DATA and COUNTERFOIL_BOOT_ID.');
  const folder = resolve(dataDir);
  const keyHex = loadKey({ dataDir: folder, mayCreate: true, warn: (message) => log.warn(message) });
  return openCore({
    dataDir: folder,
    keyHex,
    bootId,
    version: VERSION,
    scanner: process.env['COUNTERFOIL_SCANNER'] || null,
    isDemo: process.env['COUNTERFOIL_DEMO'] === '1',
    log,
    onDiskFault: (code) => die(new Error(`the disk failed: ${code}`)),
    onRenewed: beginAnew,
  });
}

/** The next core sets the till's file aside and begins a fresh one; whoever forked us forks again. */
function beginAnew(): never {
  log.warn('the till was given a new incarnation; its core starts again');
  process.exit(1);
}

/** A till without its support socket sells all the same. */
async function serveSupport(core: Core): Promise<SupportSocket | undefined> {
  try {
    return await serveSupportSocket(resolve(dataDir ?? '.'), (port) => core.connect(port, 'support'));
  } catch (cause) {
    log.warn({ err: cause }, 'no support socket');
    return undefined;
  }
}

/**
 * Tells why this folder is not served, and answers every call with it: leaving would only have us forked
 * again.
 */
function refuse(page: Port, { code, message }: AppError): void {
  log.error({ code }, 'refused');
  page.post({ t: 'refused', code, message });
  page.onMessage((asked) => {
    const request = Request.safeParse(asked).data;
    if (request) page.post({ t: 'reply', id: request.id, ok: false, error: { code, message } });
  });
}

function die(cause: unknown): never {
  log.fatal({ err: cause }, 'core died of a bug');
  process.stderr.write(`till core died: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
  process.exit(1);
}

async function start(parent: ParentPort): Promise<void> {
  const { page, onLeave } = splitParentPort(parent, (message) => log.warn(message));
  const opening = openTill();
  const supporting = opening.then(serveSupport, () => undefined);
  const leave = async (): Promise<void> => {
    const core = await opening.catch(() => undefined);
    await (await supporting)?.close();
    await core?.close();
    process.exit(0);
  };
  let leaving: Promise<void> | undefined;
  onLeave(() => void (leaving ??= leave().catch(die)));
  try {
    const core = await opening;
    core.connect(page, 'page');
    core.start();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    refuse(page, cause);
  }
}

function run(): void {
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  // Ctrl-C reaches the whole group: main hears it too and asks us to close.
  process.on('SIGINT', () => undefined);
  const parent = openParentPort();
  if (!parent) {
    process.stderr.write(
      'This program is started by the till, not by hand. For a command line: npm run cli\n',
    );
    process.exit(2);
  }
  start(parent).catch(die);
}

run();
