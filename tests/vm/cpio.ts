/** One entry of an archive: a folder has no content, a link the path that it leads to. */
export interface CpioEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly content: Uint8Array;
  readonly isExecutable?: boolean;
}

const MODES = { file: 0o100_644, folder: 0o40_755, link: 0o120_777 } as const;
const TRAILER = 'TRAILER!!!';

/** Both the head with its name and the content end at a multiple of four. */
const padding = (length: number): Buffer => Buffer.alloc((4 - (length % 4)) % 4);

function record({ name, kind, content, isExecutable }: CpioEntry, inode: number): Buffer {
  const mode = MODES[kind] | (isExecutable === true ? 0o111 : 0);
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([Buffer.from(head), padding(head.length), content, padding(content.length)]);
}

/**
 * An archive as the kernel unpacks it before anything runs ("newc"); several one after another are one. Folders
 * must come before what is in them.
 */
export function toCpio(entries: readonly CpioEntry[]): Buffer {
  const end: CpioEntry = { name: TRAILER, kind: 'file', content: Buffer.alloc(0) };
  return Buffer.concat([...entries.map((entry, at) => record(entry, at + 1)), record(end, 0)]);
}

/** Files by their path in the machine, with all folders above them. */
export function withFolders(files: readonly CpioEntry[]): CpioEntry[] {
  const folders = new Set<string>();
  for (const { name } of files) {
    const parts = name.split('/');
    for (let end = 1; end < parts.length; end += 1) folders.add(parts.slice(0, end).join('/'));
  }
  const made = [...folders]
    .sort()
    .map((name): CpioEntry => ({ name, kind: 'folder', content: Buffer.alloc(0) }));
  return [...made, ...files];
}
