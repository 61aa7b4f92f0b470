import Database from 'better-sqlite3';
import { CHUNK_SCHEMA } from '../../../sync/feed/chunk-schema.ts';
import { assert } from '../../../sync/base/must.ts';
import { guard } from '../../errors.ts';
import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import type { FillFile } from './fill-file.ts';

const TABLES = ['members', 'cards', 'accounts'] as const;
/** All pages that a chunk makes: they are written once, and the journal waits for the disk once. */
const CACHE_KIB = 8 * 1024;

/** SQLite keeps a statement as it was written, without what follows its last sign. */
const expected = CHUNK_SCHEMA.split(';')
  .map((statement) => statement.trim())
  .filter((statement) => statement !== '')
  .sort();

/** Exactly the tables of a chunk and nothing else: no trigger, no view, no other form. */
function checkForm(image: Connection): void {
  const found = image.prepare<[], string>('SELECT sql FROM main.sqlite_master ORDER BY sql').pluck().all();
  assert(JSON.stringify(found) === JSON.stringify(expected), 'the chunk has another form');
}

function attach(image: Connection, { path, keyHex }: FillFile): void {
  // Of this connection it says how the attached file is read; the image itself lies open in memory.
  image.pragma(`cipher = 'aegis'`);
  image.prepare(`ATTACH ? AS fill KEY ?`).run(path, `raw:${keyHex}`);
  image.pragma('fill.journal_mode = TRUNCATE');
  image.pragma('fill.synchronous = FULL');
  image.pragma(`fill.cache_size = -${CACHE_KIB}`);
  image.pragma('temp_store = MEMORY');
}

function copyRows(image: Connection): void {
  for (const table of TABLES) {
    image.exec(`INSERT INTO fill.${table} SELECT * FROM main.${table}`);
    image.exec(`UPDATE fill.meta SET ${table} = ${table} + (SELECT count(*) FROM main.${table})`);
  }
  image.exec('UPDATE fill.bulk_fill SET chunks = chunks + 1');
}

/**
 * Puts one chunk of a snapshot into the file that is being filled, in one durable transaction. Chunks come in
 * order; one that is in already is passed over, so that a cut is mended by sending it again. The image is
 * opened in memory: nothing of it reaches the disk but through the cipher.
 *
 * @param chunk number of the chunk in its snapshot, from 0 @throws DbError @throws Error When the image is
 * not a chunk, or a chunk was left out.
 */
export function insertChunk(file: FillFile, image: Buffer, chunk: number): void {
  guard('replica', () => {
    const raw = new Database(image);
    try {
      checkForm(raw);
      attach(raw, file);
      transact(raw, () => {
        const chunks = raw.prepare<[], number>('SELECT chunks FROM fill.bulk_fill').pluck().get();
        // The file is ready: all of them are in.
        if (chunks === undefined) return;
        assert(chunk <= chunks, `chunk ${chunk} before chunk ${chunks}`);
        if (chunk === chunks) copyRows(raw);
      });
    } finally {
      raw.close();
    }
  });
}
