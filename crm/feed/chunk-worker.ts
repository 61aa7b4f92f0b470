import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { zstdCompressSync } from 'node:zlib';
import { CHUNK_SCHEMA } from '../../sync/feed/chunk-schema.ts';
import { CHUNK_TABLES, type ChunkTable } from '../../sync/feed/chunk.ts';

/** Rows of a chunk as JSON arrays, to be parsed here and not where requests are answered. */
export interface ChunkRows extends Record<ChunkTable['table'], string> {
  /** Up to which number the rows are exact; a younger row is so up to its own. */
  seq: number;
}

export interface PackedChunk extends Record<ChunkTable['table'], number> {
  body: Uint8Array;
  plainBytes: number;
  sha256: string;
}

function pack(given: ChunkRows): PackedChunk {
  const db = new Database(':memory:');
  try {
    db.exec(CHUNK_SCHEMA);
    const counts = { members: 0, cards: 0, accounts: 0 };
    for (const { table, columns, valuesOf } of CHUNK_TABLES) {
      const rows = JSON.parse(given[table]) as { seq: number }[];
      const insert = db.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
      db.exec('BEGIN');
      for (const row of rows) insert.run(valuesOf(row, Math.max(given.seq, row.seq)));
      db.exec('COMMIT');
      counts[table] = rows.length;
    }
    const image = db.serialize();
    const body = zstdCompressSync(image);
    return {
      body,
      plainBytes: image.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      ...counts,
    };
  } finally {
    db.close();
  }
}

parentPort?.on('message', (given: ChunkRows) => parentPort?.postMessage(pack(given)));
