import { asc, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { readKept, type ChainDocument } from '../../../sync/model/chain.ts';
import { documents } from '../schema/documents.ts';

export function documentRepo(db: BetterSQLite3Database) {
  const all = db
    .select({
      kind: documents.kind,
      id: documents.id,
      seq: documents.seq,
      body: sql<string>`${documents.body}`,
    })
    .from(documents)
    .orderBy(asc(documents.kind), asc(documents.id))
    .prepare();
  // The status of every moment asks for all of them, and they change a few times a year.
  const known = new Map<string, { text: string; document: ChainDocument }>();
  const toDocument = ({ body: text, ...named }: ReturnType<typeof all.all>[number]): ChainDocument => {
    const key = `${named.kind} ${named.id}`;
    const kept = known.get(key);
    if (kept?.text === text && kept.document.seq === named.seq) return kept.document;
    // Cast: kind and body were checked together when they arrived, which two columns can not show.
    const document = readKept({ ...named, body: JSON.parse(text) as unknown } as ChainDocument);
    known.set(key, { text, document });
    return document;
  };
  return { documents: () => all.all().map(toDocument) };
}
