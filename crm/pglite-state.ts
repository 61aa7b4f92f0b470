import { open, readdir, readFile, rename } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';

/** What a data folder remembers of the last time it was open. */
interface FolderState {
  isClean: boolean;
  /** The machine's start that it was open in; '' where the system does not say. */
  bootId: string;
  openedAtMs: number;
}

const bootId = (): Promise<string> =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  );

async function readState(folder: string): Promise<FolderState | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'pglite.state'), 'utf8')) as FolderState;
  } catch {
    return null;
  }
}

/** Writes a file so that after a power cut it is the old one or the new one. */
export async function writeSafely(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(`${path}.part`, 'w');
  await file.writeFile(data);
  await file.sync();
  await file.close();
  await rename(`${path}.part`, path);
}

export const writeState = async (folder: string, isClean: boolean): Promise<void> => {
  const state: FolderState = { isClean, bootId: await bootId(), openedAtMs: Date.now() };
  await writeSafely(join(folder, 'pglite.state'), JSON.stringify(state));
};

/**
 * True when the machine went down while the folder was open: PGlite never waits for the disk, so its files may
 * be of different moments. The death of the process alone does no harm.
 */
export async function wasCutOff(folder: string): Promise<boolean> {
  const state = await readState(folder);
  if (state === null || state.isClean) return false;
  const current = await bootId();
  if (state.bootId !== '' && current !== '') return state.bootId !== current;
  return Date.now() - uptime() * 1_000 > state.openedAtMs;
}

/** Everything below `folder` that was written since `sinceMs` to the disk. */
export async function syncTree(folder: string, sinceMs: number): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = await open(join(entry.parentPath, entry.name), 'r+');
    if ((await file.stat()).mtimeMs >= sinceMs) await file.sync();
    await file.close();
  }
}
