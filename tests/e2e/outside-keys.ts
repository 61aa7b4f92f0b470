import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startDisplay } from '../../build/shop/display.mjs';
import type { Till } from './launch.ts';
import { test as shopTest } from './shop.ts';

const run = promisify(execFile);

/** A keyboard beside the window: its keys come from the system, not from within the page. */
export interface OutsideKeys {
  /** Types a text; a line end in it is Enter. */
  readonly type: (text: string, gapMs: number) => Promise<void>;
  readonly press: (key: 'Caps_Lock' | 'ctrl+z') => Promise<void>;
}

/** A pause between two keys of a scanner in its factory setting. */
export const SCANNER_GAP_MS = 8;
/** A cashier's, at a hundred words a minute. */
export const CASHIER_GAP_MS = 120;

/** A screen of its own: keys of a test must never land in another program of whoever runs it. */
export const test = shopTest.extend<object, { display: string }>({
  display: [
    async ({}, use) => {
      const screen = await startDisplay();
      await use(screen.display);
      await screen.end();
    },
    { scope: 'worker' },
  ],
});

/** @param display the screen that the till is on; there is no window manager that would give it the focus. */
export async function keysInto({ app }: Till, display: string): Promise<OutsideKeys> {
  const xdotool = async (...words: string[]): Promise<void> => {
    await run('xdotool', words, { env: { ...process.env, DISPLAY: display } });
  };
  const windowId = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getNativeWindowHandle().readUInt32LE(0),
  );
  await xdotool('windowfocus', '--sync', String(windowId));
  return {
    type: (text, gapMs) => xdotool('type', '--delay', String(gapMs), '--', text),
    press: (key) => xdotool('key', key),
  };
}
