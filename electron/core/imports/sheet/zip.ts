import { Readable } from 'node:stream';
import { fromRandomAccessReader, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { FileRefusal } from '../refusal.ts';

/** A file in pieces: the bytes from `at` on as far as they lie together, undefined behind the end. */
export interface Bytes {
  size: number;
  read(at: number): Uint8Array | undefined;
}

const ENTRIES_MAX = 2_000;
/** Unpacked, all that is read together. */
export const INFLATED_BYTES_MAX = 1024 * 1024 * 1024;

class PieceReader extends RandomAccessReader {
  readonly #bytes: Bytes;
  constructor(bytes: Bytes) {
    super();
    this.#bytes = bytes;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const bytes = this.#bytes;
    const pieces = function* (): Generator<Uint8Array> {
      for (let at = start; at < end;) {
        const piece = bytes.read(at)?.subarray(0, end - at);
        if (piece === undefined) return;
        yield piece;
        at += piece.length;
      }
    };
    return Readable.from(pieces(), { objectMode: false });
  }
}

const toRefusal = (cause: unknown): FileRefusal =>
  cause instanceof FileRefusal ? cause : new FileRefusal('FILE_DAMAGED', '', { cause });

export interface Archive {
  has(path: string): boolean;
  /** Unpacked, piece by piece. @throws FileRefusal */
  open(path: string): AsyncGenerator<Uint8Array>;
  /** A small part as text. @throws FileRefusal */
  text(path: string): Promise<string>;
  close(): void;
}

const PART_CHARS_MAX = 4 * 1024 * 1024;

/** @throws FileRefusal When it is no sound archive, or has far too many parts. */
export async function openArchive(bytes: Bytes): Promise<Archive> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    fromRandomAccessReader(new PieceReader(bytes), bytes.size, options, (cause, file) => {
      if (cause) reject(toRefusal(cause));
      else resolve(file);
    });
  });
  const entries = await listEntries(zip).catch((cause: unknown) => {
    zip.close();
    throw toRefusal(cause);
  });
  const budget = { left: INFLATED_BYTES_MAX };
  const open = async function* (path: string): AsyncGenerator<Uint8Array> {
    const entry = entries.get(path);
    if (entry === undefined) throw new FileRefusal('FILE_DAMAGED', path);
    if (entry.uncompressedSize > budget.left) throw new FileRefusal('FILE_SWOLLEN', path);
    try {
      for await (const chunk of await openStream(zip, entry)) {
        const piece = chunk as Buffer;
        budget.left -= piece.length;
        if (budget.left < 0) throw new FileRefusal('FILE_SWOLLEN', path);
        yield piece;
      }
    } catch (cause) {
      throw toRefusal(cause);
    }
  };
  const text = async (path: string): Promise<string> => {
    const decoder = new TextDecoder();
    let whole = '';
    for await (const piece of open(path)) {
      whole += decoder.decode(piece, { stream: true });
      if (whole.length > PART_CHARS_MAX) throw new FileRefusal('FILE_SWOLLEN', path);
    }
    return whole;
  };
  return { has: (path) => entries.has(path), open, text, close: () => zip.close() };
}

function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > ENTRIES_MAX) return Promise.reject(new FileRefusal('FILE_SWOLLEN'));
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      if (entry.isEncrypted()) reject(new FileRefusal('FILE_LOCKED'));
      entries.set(entry.fileName.replace(/^\//, ''), entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

const openStream = (zip: ZipFile, entry: Entry): Promise<Readable> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (cause, stream) => {
      if (cause) reject(cause);
      else resolve(stream);
    });
  });
