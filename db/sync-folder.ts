import { closeSync, fsyncSync, openSync } from 'node:fs';

/** So that names in it survive a power cut, new or changed. Windows does that by itself and opens no folder. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
