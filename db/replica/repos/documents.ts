import { asc } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { ChainDocument } from '../../../sync/model/chain.ts';
import { documents } from '../schema/documents.ts';

export function documentRepo(db: BetterSQLite3Database) {
  const all = db
    .select({ kind: documents.kind, id: documents.id, seq: documents.seq, body: documents.body })
    .from(documents)
    .orderBy(asc(documents.kind), asc(documents.id))
    .prepare();
  return {
    // Cast: kind and body were checked together when they arrived, which two columns can not show.
    documents: () => all.all() as ChainDocument[],
  };
}
