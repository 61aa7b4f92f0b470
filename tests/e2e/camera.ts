import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectOpenToAll } from './axe.ts';
import type { Till } from './launch.ts';

const LOOKS = [
  [1024, 768, 'light'],
  [1440, 900, 'dark'],
] as const;

/** The window's content has this size now, and the page knows it. */
export async function resize(
  { app, page }: Pick<Till, 'app' | 'page'>,
  width: number,
  height: number,
): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
  await page.waitForFunction((wide) => window.innerWidth === wide, width);
}

/**
 * Writes what is in front, small and light, large and dark, into `folder`; the till ends large and light. No screen is
 * pictured on which axe finds something serious, or that has something for a mouse alone.
 */
export function createCamera({ app, page }: Till, folder: string): (name: string) => Promise<void> {
  return async (name) => {
    await mkdir(folder, { recursive: true });
    for (const [width, height, theme] of LOOKS) {
      await resize({ app, page }, width, height);
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      await writeFile(join(folder, `${name}-${width}-${theme}.png`), picture);
      await expectOpenToAll(page, `${name}, ${theme}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };
}
