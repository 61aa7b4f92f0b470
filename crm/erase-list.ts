import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { nodeCrypto } from './node-crypto.ts';
import { CentreRefusal } from './refusal.ts';

/** A line of it. */
const Erased = z.strictObject({ memberId: z.uuid(), atMs: z.int().min(0) });
type Erased = z.infer<typeof Erased>;
const SUM_DIGITS = 16;

/**
 * Whom the centre has anonymised, in a file apart from its database: a database that is put back to an earlier day has
 * forgotten it, and this file has not. It holds ids alone, which name nobody outside the database.
 */
export interface EraseList {
  /**
   * Resolves when they are safe on the disk.
   *
   * @throws CentreRefusal `busy` When the file can not be written: nobody is to be told that they were erased.
   */
  add(erased: readonly Erased[]): Promise<void>;
  /** Everybody in it. @throws Error When there is a file and it can not be read. */
  read(): Promise<Set<string>>;
}

const checksum = (text: string): string => nodeCrypto.sha256Hex(text).slice(0, SUM_DIGITS);

/** Begins with the end of the line before: one that a power cut tore spoils nothing that comes behind it. */
function toLine({ memberId, atMs }: Erased): string {
  const text = JSON.stringify({ memberId, atMs });
  return `\n${checksum(text)} ${text}\n`;
}

function idOf(line: string): string | null {
  const text = line.slice(SUM_DIGITS + 1);
  return line.slice(0, SUM_DIGITS) === checksum(text) ? Erased.parse(JSON.parse(text)).memberId : null;
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder, and writes names down by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One write at the end of the file, wherever that is by then: other processes add to it too. */
async function append(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    const isNew = (await file.stat()).size === 0;
    const bytes = Buffer.from(text);
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten < bytes.length)
      throw Object.assign(new Error('the disk took a part'), { code: 'ENOSPC' });
    await file.datasync();
    if (isNew) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

/** Opened for each use, so that it may be copied, moved and put back while the centre runs. */
export const createEraseList = (path: string): EraseList => ({
  add: async (erased) => {
    if (erased.length === 0) return;
    try {
      await append(path, erased.map(toLine).join(''));
    } catch (cause) {
      throw new CentreRefusal(
        'busy',
        `The centre can not write its list of erasures (${codeOf(cause)}), so nobody was anonymised and nothing was ` +
          'changed. A till keeps its work and tries again by itself; who runs the CRM makes room for that file.',
        503,
      );
    }
  },
  read: async () => {
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      if (codeOf(cause) === 'ENOENT') return '';
      throw new Error(
        `The list of erasures ${path} can not be read (${codeOf(cause)}). Nothing was changed. Make it readable and ` +
          'start again, or erased members could come back.',
        { cause },
      );
    });
    return new Set(text.split('\n').flatMap((line) => idOf(line) ?? []));
  },
});

/** Where a centre keeps it. `file`: as its owner says; null when there is no place for one. */
export function findEraseList({
  folder,
  file,
}: {
  folder: string;
  file: string | undefined;
}): EraseList | null {
  const path = file ?? (folder === '' ? '' : join(folder, 'erased.list'));
  return path === '' ? null : createEraseList(path);
}
