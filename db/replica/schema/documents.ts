import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ChainDocument } from '../../../sync/model/chain.ts';

/** Programmes, card types, staff, stores: the newest version of each. */
export const documents = sqliteTable(
  'documents',
  {
    kind: text('kind').$type<ChainDocument['kind']>().notNull(),
    id: text('id').notNull(),
    seq: integer('seq').notNull(),
    body: text('body', { mode: 'json' }).$type<ChainDocument['body']>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.id] })],
);
