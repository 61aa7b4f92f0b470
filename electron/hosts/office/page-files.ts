import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, posix, relative, sep } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface PageFile {
  bytes: Buffer;
  contentType: string;
  /** The build names it after what is in it, so it never changes. */
  isForEver: boolean;
}

/** Web path -> file, taken once at start: a path that is not in the list does not exist, whatever it says. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** @throws {Error} where there is no page. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const webPath = posix.join('/', ...relative(folder, path).split(sep));
    const isForEver = webPath.startsWith('/assets/');
    files.set(webPath, { bytes: await readFile(path), contentType, isForEver });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`There is no page in ${folder}`);
  return files.set('/', index);
}
