import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, dialog, ipcMain, type BrowserWindow } from 'electron';
import { toPdfName } from './pdf-name.ts';
import { isOurPage } from './security.ts';

const MARGIN_INCHES = 0.5;

/** The page as it stands on paper, where the person says. Main knows the place; the page never does. */
async function savePdf(window: BrowserWindow, asked: unknown): Promise<'saved' | 'cancelled' | 'failed'> {
  const defaultPath = join(app.getPath('documents'), toPdfName(asked));
  const filters = [{ name: 'PDF', extensions: ['pdf'] }];
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath, filters });
  if (canceled || !filePath) return 'cancelled';
  try {
    const margin = { top: MARGIN_INCHES, bottom: MARGIN_INCHES, left: MARGIN_INCHES, right: MARGIN_INCHES };
    const pdf = await window.webContents.printToPDF({
      ...{ pageSize: 'A4', printBackground: true },
      margins: margin,
    });
    await writeFile(filePath, pdf);
    return 'saved';
  } catch (cause) {
    process.stderr.write(
      `a PDF could not be saved: ${cause instanceof Error ? cause.message : String(cause)}\n`,
    );
    return 'failed';
  }
}

/** Lets the window's own page, and nobody else, ask for a PDF of itself; one at a time. */
export function offerPdf(window: BrowserWindow): void {
  let isBusy = false;
  ipcMain.handle('save-pdf', async (event, asked: unknown) => {
    if (isBusy || event.sender !== window.webContents || !isOurPage(event.senderFrame)) return 'failed';
    isBusy = true;
    try {
      return await savePdf(window, asked);
    } finally {
      isBusy = false;
    }
  });
  window.once('closed', () => ipcMain.removeHandler('save-pdf'));
}
