import { writeFile } from 'node:fs/promises';
import { BrowserWindow, ipcMain } from 'electron';
import type { CoreProcess } from './core-process.ts';
import { showOncePainted } from './first-show.ts';
import { createRestartBudget } from './restart-budget.ts';
import { isOurPage, PAGE_URL } from './security.ts';

const DEFAULT_SIZE = { width: 1440, height: 900 };
const MIN_SIZE = { minWidth: 1024, minHeight: 768 };
/** Chromium's name for a load that was given up for another. */
const ABORTED = -3;
const SETTLE_MS = 250;
const SETTLE_ROUNDS_MAX = 40;

/** Opens the till's window; it shows itself when the page has painted. */
export function openTillWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    ...DEFAULT_SIZE,
    ...MIN_SIZE,
    useContentSize: true,
    show: false,
    title: 'Counterfoil',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.removeMenu();
  showOncePainted(window, () => complain('till page has not painted; its window is shown all the same'));
  keepLoaded(window);
  return window;
}

const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Loads the page, and again when that fails or its process dies: what was confirmed is the core's, and the session is
 * too.
 */
function keepLoaded(window: BrowserWindow): void {
  const mayReload = createRestartBudget(Date.now);
  const load = (): void => {
    if (window.isDestroyed()) return;
    // A rejection says the same as the event below; unheard, it would end main or stop it with a box.
    window.loadURL(PAGE_URL).catch(() => undefined);
  };
  const again = (why: string): void => {
    complain(why);
    if (mayReload()) setImmediate(load);
  };
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') again(`till page ended (${reason})`);
  });
  window.webContents.on('did-fail-load', (...failure) => {
    const [, code, reason, , isMainFrame] = failure;
    // A load that another one took the place of is no failure.
    if (isMainFrame && code !== ABORTED) again(`till page could not be loaded (${reason})`);
  });
  load();
}

/**
 * Carries messages between the window's page and the core without reading them; the core drops what is no request or
 * too large. A page that opens its port, at first or after a reload, is answered at once with what it has missed.
 */
export function joinPageToCore(window: BrowserWindow, core: CoreProcess): void {
  const { webContents } = window;
  const send = (message: unknown): void => {
    if (!webContents.isDestroyed()) webContents.send('port', message);
  };
  ipcMain.on('port-open', (event, mark: unknown) => {
    if (event.sender !== webContents || !isOurPage(event.senderFrame)) return;
    webContents.send('port-open', mark, core.missed());
  });
  ipcMain.on('port', (event, message: unknown) => {
    if (event.sender !== webContents || !isOurPage(event.senderFrame)) return;
    core.post(message);
  });
  const stop = core.onMessage(send);
  window.once('closed', stop);
}

/** Writes what the window shows to `path` as PNG, once two looks at it, `SETTLE_MS` apart, are the same. */
export async function pictureWindow(window: BrowserWindow, path: string): Promise<void> {
  let last: Uint8Array = new Uint8Array();
  for (let round = 0; round < SETTLE_ROUNDS_MAX; round += 1) {
    const picture = (await window.webContents.capturePage()).toPNG();
    if (picture.length > 0 && picture.equals(last)) break;
    last = picture;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
  await writeFile(path, last);
}
