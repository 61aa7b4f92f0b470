import Database from 'better-sqlite3';
import { must } from '../../sync/base/must.ts';
import { CHUNK_TABLES } from '../../sync/feed/chunk.ts';
import { CHUNK_SCHEMA } from '../../sync/feed/chunk-schema.ts';
import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import type { MemberRow } from '../../sync/model/member.ts';

export interface ChunkRows {
  members: readonly MemberRow[];
  cards: readonly CardRow[];
  accounts: readonly AccountRow[];
}

/** The image of one chunk of a snapshot as of `seq`, as the centre makes it. */
export function chunkImage(rows: ChunkRows, seq: number): Buffer {
  const db = new Database(':memory:');
  try {
    db.exec(CHUNK_SCHEMA);
    db.exec('BEGIN');
    for (const { table, columns, valuesOf } of CHUNK_TABLES) {
      const insert = db.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
      for (const row of must(rows[table], 'a chunk has three tables')) insert.run(valuesOf(row, seq));
    }
    db.exec('COMMIT');
    return db.serialize();
  } finally {
    db.close();
  }
}
