import { randomUUID } from 'node:crypto';
import { open as openPath, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { CoreClient } from '../../contract/index.ts';
import { type Command, FLAG, TEXT, textOf } from './command.ts';

const noFile = (cause: unknown): AppError =>
  new AppError(
    'disk_failed',
    'The file can not be written. No file was made, and one that was there is as it was; check folder and room.',
    { cause },
  );

/** What is being written, and by which process. */
const PART = /^\.counterfoil-export-(\d+)-[0-9a-f-]{36}\.part$/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // Somebody else's, and so alive.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of an export whose program was ended from outside members would lie there unseen: the next one takes them away. */
async function dropLeftParts(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names) {
    const pid = PART.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** The whole file or none: it gets its name when its last line is on the disk. Only its owner may read it. */
async function writeWhole(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const folder = dirname(path);
  await dropLeftParts(folder);
  const part = join(folder, `.counterfoil-export-${process.pid}-${randomUUID()}.part`);
  const file = await openPath(part, 'wx', 0o600).catch((cause: unknown) => {
    throw noFile(cause);
  });
  try {
    for await (const piece of pieces) {
      await file.write(piece).catch((cause: unknown) => {
        throw noFile(cause);
      });
    }
    await file.sync();
    await file.close();
    await rename(part, path);
  } catch (cause) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw cause;
  }
}

async function* piecesOf(client: CoreClient, exportId: string): AsyncGenerator<string> {
  for (;;) {
    const { text } = await client['directory.readExport']({ exportId });
    if (text === '') return;
    yield text;
  }
}

/** Scripts from before there were reasons say none; the record says so. */
const NO_REASON = 'command line, no reason given';

const exportMembers: Command = {
  name: 'export',
  operands: ['FILE'],
  options: { marketing: FLAG, reason: TEXT },
  about:
    'writes all members to a CSV file (a manager); --marketing: only those who agreed to it; --reason: why, for the log',
  run: async ({ args, open }) => {
    const path = resolve(args.operands[0] ?? '');
    const client = await open('write');
    const { exportId, rows } = await client['directory.beginExport']({
      filter: { match: 'all', rules: [] },
      search: '',
      purpose: args.values['marketing'] === true ? 'marketing' : 'administration',
      reason: textOf(args, 'reason') ?? NO_REASON,
      memberIds: null,
    });
    try {
      await writeWhole(path, piecesOf(client, exportId));
    } finally {
      await client['directory.endExport']({ exportId });
    }
    return { data: { rows }, text: `${rows} members written to ${path}` };
  },
};

export const exportCommands: readonly Command[] = [exportMembers];
