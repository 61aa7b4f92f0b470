import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, type BrowserWindow } from 'electron';
import { type CoreProcess, startCore } from './core-process.ts';
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
  return { ...process.env, COUNTERFOIL_DATA: dataFolder, COUNTERFOIL_BOOT_ID: randomUUID() };
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

function start(): void {
  setUpSandbox();
  const dataFolder = settleDataFolder();
  if (!app.requestSingleInstanceLock()) {
    say(`This till is open already (${dataFolder}); its window is in front now.`);
    app.exit(0);
    return;
  }
  // Forked before the window exists: opening the files and painting the page take their time side by side.
  const core = startCore(join(OUT, 'core', 'index.cjs'), coreEnv(dataFolder));
  closeCoreBeforeQuit(core);
  void app.whenReady().then(async () => {
    setUpSession(join(OUT, 'renderer'));
    const window = openTillWindow(join(OUT, 'preload', 'index.cjs'));
    joinPageToCore(window, core);
    app.on('second-instance', () => focus(window));
    await announce(window, core);
  });
}

start();
