import { sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { assert } from '../../../sync/base/must.ts';
import { bucketOfId, cardHash } from '../../../sync/feed/digest.ts';
import type { CardRow, EntryRow } from '../../../sync/model/card.ts';
import type { Rows } from '../../../sync/model/feed.ts';
import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import { createKeyChanges } from '../keys/key-changes.ts';
import { forgetKeys } from '../keys/key-rules.ts';
import { cards } from '../schema/cards.ts';
import { documents } from '../schema/documents.ts';
import { entries } from '../schema/entries.ts';
import type { Turns } from '../turns.ts';
import type { PageEnd, ReplicaDb } from '../types.ts';
import { accountWriter } from './account-writer.ts';
import { digestNotes } from './digest-keeper.ts';
import { createMemberWriter } from './member-writer.ts';
import type { MetaRepo } from './meta.ts';
import { createRowWriter, type WriteRow } from './row-writer.ts';

const CLEARED = ['members', 'cards', 'accounts', 'entries', 'chain_documents'] as const;

function countNew<Row>(rows: readonly Row[], write: WriteRow<Row>, isMending: boolean): number {
  let added = 0;
  for (const row of rows) if (write(row, isMending)) added += 1;
  return added;
}

function documentWriter(db: BetterSQLite3Database) {
  const { placeholder } = sql;
  return db
    .insert(documents)
    .values({
      kind: placeholder('kind'),
      id: placeholder('id'),
      seq: placeholder('seq'),
      body: placeholder('body'),
    })
    .onConflictDoUpdate({
      target: [documents.kind, documents.id],
      set: { seq: sql`excluded.seq`, body: sql`excluded.body` },
      setWhere: sql`excluded.seq >= ${documents.seq}`,
    })
    .prepare();
}

/** The writers of all tables. What they note is written by `flush`, at the end of each page. */
function tableWriters(raw: Connection, db: BetterSQLite3Database) {
  const keys = createKeyChanges(raw);
  const digests = digestNotes(raw);
  const writeMember = createMemberWriter(raw, keys, digests);
  const writeCard = createRowWriter<CardRow>(raw, {
    table: cards,
    hash: {
      of: cardHash,
      note: (row, change) => digests.note('cards', bucketOfId(row.cardId), change),
    },
  });
  const { writeAccount, writeBalance } = accountWriter(raw, digests);
  const writeEntry = createRowWriter<EntryRow>(raw, { table: entries });
  const writeDocument = documentWriter(db);
  return {
    write: (rows: Rows, isMending: boolean) => {
      const added = {
        members: countNew(rows.members, writeMember, isMending),
        cards: countNew(rows.cards, writeCard, isMending),
        accounts: countNew(rows.accounts, writeAccount, isMending),
        entries: countNew(rows.entries, writeEntry, isMending),
      };
      for (const document of rows.documents) writeDocument.run(document);
      return added;
    },
    writeBalance,
    flush: () => {
      keys.flush();
      digests.flush();
    },
  };
}

/**
 * One transaction. A page that does not move the cursor comes again after a cut, so it need not wait for the
 * disk; the one that does takes all before it along. Order is kept either way.
 */
function inDurability(raw: Connection, synchronous: 'FULL' | 'NORMAL', act: () => void): void {
  if (synchronous === 'FULL') return transact(raw, act);
  raw.pragma('synchronous = NORMAL');
  try {
    transact(raw, act);
  } finally {
    raw.pragma('synchronous = FULL');
  }
}

interface Parts {
  db: BetterSQLite3Database;
  meta: MetaRepo;
  turns: Pick<Turns, 'claim'>;
}

/** The only ways in which an open copy changes. */
export function replicaWriter(raw: Connection, { db, meta, turns }: Parts) {
  const { write, writeBalance, flush } = tableWriters(raw, db);
  let writes = 0;
  const inPage = ({ epoch, cursor, isSettled, purged, mark }: PageEnd, act: () => void): void => {
    writes += 1;
    const isMoved = isSettled || cursor > meta.get().cursor || meta.get().epoch !== epoch;
    const isLast = isMoved || purged !== undefined;
    const letGo = turns.claim();
    try {
      inDurability(raw, isLast ? 'FULL' : 'NORMAL', () => {
        const before = meta.get();
        assert(before.epoch === epoch || before.cursor === 0, 'rows of another epoch: clear first');
        const reached = Math.max(before.cursor, cursor);
        act();
        flush();
        meta.reach({ epoch, cursor: reached, settled: isSettled ? reached : before.settled });
        if (purged !== undefined) meta.purge(purged);
        if (mark !== undefined) meta.note(mark);
      });
    } finally {
      letGo();
    }
  };
  const apply: ReplicaDb['apply'] = (rows, at) =>
    inPage(at, () => meta.count(write(rows, at.isMending === true)));
  const applyBalances: ReplicaDb['applyBalances'] = (changes, { seq, ...at }) =>
    inPage(at, () => {
      for (const change of changes) writeBalance(change, seq);
    });
  const clear = (): void => {
    writes += 1;
    transact(raw, () => {
      for (const table of CLEARED) raw.prepare(`DELETE FROM ${table}`).run();
      raw.exec('UPDATE digests SET body = zeroblob(16384), is_whole = 1');
      forgetKeys(raw);
      meta.reset();
    });
  };
  return { apply, applyBalances, clear, writes: () => writes };
}
