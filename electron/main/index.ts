import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, dialog, Menu, type BrowserWindow } from 'electron';
import { type CoreProcess, startCore } from './core-process.ts';
import { offerPdf } from './save-pdf.ts';
import { setUpSandbox, setUpSession } from './security.ts';
import { joinPageToCore, openTillWindow, pictureWindow } from './windows.ts';

const OUT = join(__dirname, '..');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The till's folder. With a folder of its own a till also has its own browser profile, and so its own lock. */
function settleDataFolder(): string {
  const given = process.env['COUNTERFOIL_DATA'];
  if (!given) return join(app.getPath('userData'), 'till');
  const folder = resolve(given);
  mkdirSync(join(folder, 'window'), { recursive: true });
  app.setPath('userData', join(folder, 'window'));
  return folder;
}

function coreEnv(dataFolder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    COUNTERFOIL_DATA: dataFolder,
    COUNTERFOIL_BOOT_ID: randomUUID(),
    // Compiling the core anew at each start takes the time of a core that the page needs as well.
    NODE_COMPILE_CACHE: join(app.getPath('userData'), 'core-code'),
  };
}

/** Resolves when the core is ready to be asked, if only for why it refused, or when it will never be. */
async function untilCoreSettles(core: CoreProcess): Promise<void> {
  if (core.isSettled()) return;
  await new Promise<void>((done) => {
    const stop = core.onMessage(() => {
      if (!core.isSettled()) return;
      stop();
      done();
    });
  });
}

async function announce(window: BrowserWindow, core: CoreProcess): Promise<void> {
  await Promise.all([once(window, 'show'), untilCoreSettles(core)]);
  say(`till window ready in ${Math.round(performance.now())} ms`);
  const picturePath = process.env['COUNTERFOIL_SCREENSHOT'];
  if (!picturePath) return;
  await pictureWindow(window, picturePath);
  say(`screenshot ${picturePath}`);
}

function closeCoreBeforeQuit(core: CoreProcess): void {
  let isClosed = false;
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void core.close().then(() => {
      isClosed = true;
      app.quit();
    });
  });
  app.on('window-all-closed', () => app.quit());
}

function focus(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** The till can not be opened: says so where somebody looks, lets the core finish and ends with exit code 1. */
async function giveUp(cause: unknown, core: CoreProcess | undefined): Promise<void> {
  const why = cause instanceof Error ? cause.message : String(cause);
  const next =
    'What was confirmed before is safe. Start the till again; if it stays so, install it anew or call support.';
  process.stderr.write(`The till could not open its window: ${why}\n${next}\n`);
  await core?.close();
  // An installed till has nobody who reads its stderr; elsewhere a box that waits for a press would hold up a command.
  if (app.isPackaged) dialog.showErrorBox('The till could not open', `${next}\n\n${why}`);
  app.exit(1);
}

function start(): void {
  setUpSandbox();
  // Nobody sees the menu that Electron makes otherwise; on a Mac it holds copy and paste.
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  const dataFolder = settleDataFolder();
  if (!app.requestSingleInstanceLock()) {
    say(`This till is open already (${dataFolder}); its window is in front now.`);
    app.exit(0);
    return;
  }
  // Forked before the window exists: opening the files and painting the page take their time side by side.
  const core = startCore(join(OUT, 'core', 'index.cjs'), coreEnv(dataFolder));
  closeCoreBeforeQuit(core);
  // A helper of Chromium that dies takes the first paint with it, and leaves no other trace.
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (reason !== 'clean-exit') process.stderr.write(`till helper ended: ${type} (${reason})\n`);
  });
  const open = async (): Promise<void> => {
    await app.whenReady();
    setUpSession(join(OUT, 'renderer'));
    const window = openTillWindow(join(OUT, 'preload', 'index.cjs'));
    joinPageToCore(window, core);
    offerPdf(window);
    app.on('second-instance', () => focus(window));
    await announce(window, core).catch((cause: unknown) => {
      // Closed before it was pictured: the till is ending as it was told to.
      if (!window.isDestroyed()) throw cause;
    });
  };
  open().catch((cause: unknown) => giveUp(cause, core));
}

try {
  start();
} catch (cause) {
  void giveUp(cause, undefined);
}
