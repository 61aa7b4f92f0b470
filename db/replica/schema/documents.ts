import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ChainDocument } from '../../../sync/model/chain.ts';

const columns = {
  kind: text('kind').$type<ChainDocument['kind']>().notNull(),
  id: text('id').notNull(),
  seq: integer('seq').notNull(),
  body: text('body', { mode: 'json' }).$type<ChainDocument['body']>().notNull(),
};

/** Programmes, card types, staff, stores and whatever else managers keep: the newest version of each. */
export const documents = sqliteTable('chain_documents', columns, (table) => [
  primaryKey({ columns: [table.kind, table.id] }),
]);

/** Where they were before a migration moved them; empty. */
export const formerDocuments = sqliteTable('documents', columns, (table) => [
  primaryKey({ columns: [table.kind, table.id] }),
]);
