import { mkdir, open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { nodeCrypto } from './node-crypto.ts';
import { CentreRefusal } from './refusal.ts';

/** What is read of a line; what a later version writes beside it is passed over. */
const Line = z.object({ memberIds: z.array(z.uuid()).min(1), atMs: z.number().catch(0) });
const SUM_DIGITS = 16;

interface Erased {
  memberId: string;
  atMs: number;
}

/** What is to be told about the list to whoever runs the centre. */
export interface ListHealth {
  /** False: the last time nothing could be added to it, so nobody can be anonymised. */
  isWritable: boolean;
  /** It lacked nearly everybody whom it had to name, and was completed. Until the next start. */
  hasLacked: boolean;
  /** Whole lines that are none, at the last reading: torn by a power cut or damaged. */
  damagedLines: number;
  /** Whole lines that are sound and say nothing that this version understands. */
  unknownLines: number;
  /** Of both, how many the log has told of. */
  toldLines: number;
}

/**
 * Whom the centre has anonymised, in a file apart from its database: a database that is put back to an earlier day has
 * forgotten it, and this file has not. It holds ids alone, which name nobody outside the database.
 */
export interface EraseList {
  readonly file: string;
  readonly health: ListHealth;
  /**
   * Resolves when they are safe on the disk: all of them or, after a power cut, none.
   *
   * @throws CentreRefusal `busy` When the file can not be written: nobody is to be told that they were erased.
   */
  add(erased: readonly Erased[]): Promise<void>;
  /** Everybody in the file. @throws Error When there is a file and it can not be read. */
  read(): Promise<Set<string>>;
  /** Everybody whom this process has read in it or added to it, at whatever time; read first if it never was. */
  named(): Promise<ReadonlySet<string>>;
  /** Those of them whom it named at `atMs` already, by what its lines say. */
  namedBy(atMs: number): Promise<string[]>;
  /** Opens it for adding, and adds nothing. @throws Error When nobody could be added. */
  tryOpen(): Promise<void>;
  /** Names of other databases' lists in the same folder; none where its owner says where it is. */
  listOthers(): Promise<string[]>;
}

const checksum = (text: string): string => nodeCrypto.sha256Hex(text).slice(0, SUM_DIGITS);

/**
 * One line and one checksum for all of one unit, so that a tear leaves none of them: half of a merged pair would be
 * another person. It begins with the end of the line before: a torn one spoils nothing that comes behind it.
 */
function toLine(erased: readonly Erased[]): string {
  const memberIds = erased.map(({ memberId }) => memberId);
  const text = JSON.stringify({ memberIds, atMs: Math.max(...erased.map(({ atMs }) => atMs)) });
  return `\n${checksum(text)} ${text}\n`;
}

function readLine(line: string): z.infer<typeof Line> | 'damaged' | 'unknown' {
  const text = line.slice(SUM_DIGITS + 1);
  if (line.slice(0, SUM_DIGITS) !== checksum(text)) return 'damaged';
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return 'unknown';
  }
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

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = resolve(folder); made.length >= resolve(first).length; made = dirname(made))
    await syncFolder(dirname(made));
}

/** No byte of it, or too few to count for anything. Never cut off again: another process may have added behind it. */
const isVoid = (cause: unknown): boolean => ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(cause));

/** One write at the end of the file, wherever that is by then. @returns What went wrong before the line stood there. */
async function write(file: FileHandle, line: string): Promise<{ cause: unknown } | null> {
  const bytes = Buffer.from(line);
  try {
    const { bytesWritten } = await file.write(bytes);
    // The last byte ends the line, and so does the first one of the next.
    if (bytesWritten >= bytes.length - 1) return null;
    return { cause: Object.assign(new Error('the disk took a part'), { code: 'ENOSPC' }) };
  } catch (cause) {
    if (isVoid(cause)) return { cause };
    throw cause;
  }
}

const notWritten = (cause: unknown): CentreRefusal =>
  new CentreRefusal(
    'busy',
    `The centre can not write its list of erasures (${codeOf(cause)}). Nobody was anonymised and nothing was changed; ` +
      'other tills go on. This one keeps its work and tries again by itself. Whoever runs the CRM finds in its log where ' +
      'the list is, and sees to the room on that disk and to the right to write there.',
    503,
  );

/** What was asked stands in the list, or may stand there, and nobody knows whether the database has it. */
export const mayBeDone = (cause: unknown): CentreRefusal =>
  new CentreRefusal(
    'busy',
    `The centre could not finish an erasure (${codeOf(cause)}). It may yet be done by itself; nothing is lost. A till ` +
      'tries again by itself. Ask again in a minute; if it goes on, whoever runs the CRM looks into its log.',
    503,
  );

/** Opened for each use, so that it may be copied, moved and put back while the centre runs. */
class ListFile implements EraseList {
  readonly health: ListHealth = {
    ...{ isWritable: true, hasLacked: false },
    ...{ damagedLines: 0, unknownLines: 0, toldLines: 0 },
  };
  readonly file: string;
  readonly #makesFolder: boolean;
  readonly #named = new Set<string>();
  /** When it first named each. */
  readonly #sinceMs = new Map<string, number>();
  #isRead = false;
  /** A file that opens proves nothing then: its disk may be full all the same. */
  #lastAddFailed = false;

  constructor(file: string, makesFolder: boolean) {
    this.file = file;
    this.#makesFolder = makesFolder;
  }

  async add(erased: readonly Erased[]): Promise<void> {
    if (erased.length === 0) return;
    const file = await this.#open().catch((cause: unknown) => {
      throw notWritten(cause);
    });
    try {
      const failed = await write(file, toLine(erased));
      if (failed !== null) throw notWritten(failed.cause);
      await file.datasync();
      await syncFolder(dirname(this.file));
      this.#lastAddFailed = false;
    } catch (cause) {
      this.#lastAddFailed = true;
      throw cause instanceof CentreRefusal ? cause : mayBeDone(cause);
    } finally {
      this.health.isWritable = !this.#lastAddFailed;
      await file.close();
    }
    for (const { memberId, atMs } of erased) this.#note(memberId, atMs);
  }

  async read(): Promise<Set<string>> {
    const text = await readFile(this.file, 'utf8').catch((cause: unknown) => {
      if (codeOf(cause) === 'ENOENT') return '';
      throw new Error(
        `The list of erasures ${this.file} can not be read (${codeOf(cause)}). Nothing was changed. Make it readable ` +
          'and start again, or erased members could come back.',
        { cause },
      );
    });
    const lines = text.split('\n');
    // A tear at the very end is of an erasure that was not done.
    const torn = lines.at(-1) ?? '';
    const read = lines.filter((line) => line !== '').map((line) => ({ line, says: readLine(line) }));
    const whole = read.filter(({ line, says }) => line !== torn || says !== 'damaged');
    this.health.damagedLines = whole.filter(({ says }) => says === 'damaged').length;
    this.health.unknownLines = whole.filter(({ says }) => says === 'unknown').length;
    const listed = new Set<string>();
    for (const { says } of whole) {
      if (typeof says === 'string') continue;
      for (const memberId of says.memberIds) {
        listed.add(memberId);
        this.#note(memberId, says.atMs);
      }
    }
    this.#isRead = true;
    return listed;
  }

  async named(): Promise<ReadonlySet<string>> {
    if (!this.#isRead) await this.read();
    return this.#named;
  }

  async namedBy(atMs: number): Promise<string[]> {
    return [...(await this.named())].filter((memberId) => (this.#sinceMs.get(memberId) ?? 0) <= atMs);
  }

  #note(memberId: string, atMs: number): void {
    this.#named.add(memberId);
    this.#sinceMs.set(memberId, Math.min(atMs, this.#sinceMs.get(memberId) ?? atMs));
  }

  async tryOpen(): Promise<void> {
    await (await this.#open()).close();
  }

  async listOthers(): Promise<string[]> {
    if (!this.#makesFolder) return [];
    const names = await readdir(dirname(this.file)).catch(() => []);
    return names.filter((name) => /^erased.*\.list$/.test(name) && name !== basename(this.file));
  }

  /** Where its owner says: an absent folder is a disk that is not there, and no place for a new list. */
  async #open(): Promise<FileHandle> {
    this.health.isWritable = false;
    if (this.#makesFolder) await makeFolder(dirname(this.file));
    const file = await open(this.file, 'a', 0o600);
    this.health.isWritable = !this.#lastAddFailed;
    return file;
  }
}

export const createEraseList = (file: string, { makesFolder = true } = {}): EraseList =>
  new ListFile(file, makesFolder);

const NAME_DIGITS = 8;

/**
 * Where a centre keeps it; null when there is no place for one.
 *
 * A copy for trying things out must erase nobody in the shop, so the name in the folder says whose list it is.
 *
 * @param options `file`: as its owner says. `database`: where it is; null for the embedded one, whose folder is its
 * own.
 */
export function findEraseList({
  folder,
  file,
  database,
}: {
  folder: string;
  file: string | undefined;
  database: string | null;
}): EraseList | null {
  if (file !== undefined) return createEraseList(file, { makesFolder: false });
  if (folder === '') return null;
  const mark = database === null ? '' : `-${nodeCrypto.sha256Hex(database).slice(0, NAME_DIGITS)}`;
  return createEraseList(join(folder, `erased${mark}.list`));
}
