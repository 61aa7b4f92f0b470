import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Till } from './launch.ts';

const SIZES = [
  [1024, 768],
  [1440, 900],
] as const;

/** Writes what is in front, in each size and theme, into `folder`; the till ends large and light. */
export function createCamera({ app, page }: Till, folder: string): (name: string) => Promise<void> {
  const resize = async ([width, height]: readonly [number, number]): Promise<void> => {
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    );
    await page.waitForFunction((wide) => window.innerWidth === wide, width);
  };
  return async (name) => {
    await mkdir(folder, { recursive: true });
    for (const size of SIZES) {
      await resize(size);
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
        await writeFile(join(folder, `${name}-${size[0]}-${theme}.png`), picture);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };
}
