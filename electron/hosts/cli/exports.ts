import { randomUUID } from 'node:crypto';
import { open as openPath, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { CoreClient } from '../../contract/index.ts';
import { type Command, FLAG } from './command.ts';

const noFile = (cause: unknown): AppError =>
  new AppError(
    'disk_failed',
    'The file can not be written. No file was made, and one that was there is as it was; check folder and room.',
    { cause },
  );

/** The whole file or none: it gets its name when its last line is on the disk. Only its owner may read it. */
async function writeWhole(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const part = join(dirname(path), `.${randomUUID()}.part`);
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

const exportMembers: Command = {
  name: 'export',
  operands: ['FILE'],
  options: { marketing: FLAG },
  about: 'writes all members to a CSV file (a manager); --marketing: only those who agreed to it',
  run: async ({ args, open }) => {
    const path = resolve(args.operands[0] ?? '');
    const client = await open('write');
    const { exportId, rows } = await client['directory.beginExport']({
      filter: { match: 'all', rules: [] },
      search: '',
      purpose: args.values['marketing'] === true ? 'marketing' : 'administration',
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
