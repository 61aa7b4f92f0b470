import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

export const KEY = '5a'.repeat(32);
export const OTHER_KEY = 'c3'.repeat(32);

const undo: (() => void)[] = [];

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

/** A folder of the test's own, gone afterwards. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-db-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Closed after the test, whatever happens in it. Closing twice is harmless. */
export function closing<T extends { close(): unknown }>(opened: T): T {
  undo.push(() => void opened.close());
  return opened;
}
