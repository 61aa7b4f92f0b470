import { basename, dirname } from 'node:path';
import { fillBeside } from '../memory-fill.ts';
import { folderAt, type MemoryFolder } from '../memory-folder.ts';

/** Stands in for `node:fs` where the code under simulation keeps plain files: the calls that it makes, no more. */
interface Open {
  folder: MemoryFolder;
  /** Null: the folder itself, opened to be synced. */
  name: string | null;
}

const open = new Map<number, Open>();
let lastDescriptor = 100;

const placeOf = (path: string): { folder: MemoryFolder; name: string } => ({
  folder: folderAt(dirname(path)),
  name: basename(path),
});

const openAt = (descriptor: number): Open => {
  const found = open.get(descriptor);
  if (found === undefined) throw new Error(`no such descriptor: ${descriptor}`);
  return found;
};

export const existsSync = (path: string): boolean => {
  const { folder, name } = placeOf(path);
  return folder.has(name);
};

export const readFileSync = (path: string): Buffer => {
  const { folder, name } = placeOf(path);
  return Buffer.from(folder.read(name));
};

/** Copies of the members are no plain files, but one that is on its way is found by its name. */
const FILL = 'replica.db.fill';

export const readdirSync = (path: string): string[] => [
  ...folderAt(path).names(),
  ...(fillBeside(`${path}/replica.db`)?.find() == null ? [] : [FILL]),
];

export function openSync(path: string, flags: string): number {
  lastDescriptor += 1;
  if (flags === 'r') {
    open.set(lastDescriptor, { folder: folderAt(path), name: null });
    return lastDescriptor;
  }
  const { folder, name } = placeOf(path);
  if (flags === 'wx') folder.create(name);
  open.set(lastDescriptor, { folder, name });
  return lastDescriptor;
}

/** `where`: offset within the bytes, how many of them, and their place in the file. */
export function writeSync(
  descriptor: number,
  bytes: Uint8Array,
  ...where: [offset: number, length: number, position: number]
): number {
  const [, length, position] = where;
  const { folder, name } = openAt(descriptor);
  if (name !== null) folder.write(name, bytes.subarray(0, length), position);
  return length;
}

/** `where`: offset within the bytes, how many of them, and their place in the file. */
export function readSync(
  descriptor: number,
  bytes: Uint8Array,
  ...where: [offset: number, length: number, position: number]
): number {
  const [offset, length, position] = where;
  const { folder, name } = openAt(descriptor);
  const found = name === null ? new Uint8Array() : folder.read(name).subarray(position, position + length);
  bytes.set(found, offset);
  return found.length;
}

export function fsyncSync(descriptor: number): void {
  const { folder, name } = openAt(descriptor);
  if (name !== null) folder.sync(name);
}
export const fdatasyncSync = (descriptor: number): void => fsyncSync(descriptor);

export const closeSync = (descriptor: number): void => void open.delete(descriptor);

export function renameSync(from: string, to: string): void {
  const { folder, name } = placeOf(from);
  folder.rename(name, basename(to));
}

export function rmSync(path: string): void {
  const { folder, name } = placeOf(path);
  if (name === FILL) fillBeside(`${dirname(path)}/replica.db`)?.remove();
  else if (folder.has(name)) folder.remove(name);
}
