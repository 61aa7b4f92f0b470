import { openDatabase, type Database } from '../../../../crm/database.ts';
import { unpackSegment } from '../../../../crm/feed/lanes.ts';
import { migrate } from '../../../../crm/migrate.ts';
import { nodeCrypto } from '../../../../crm/node-crypto.ts';
import { listSegments } from '../../../../crm/repos/feed-files.ts';
import { rowsOf } from '../../../../crm/database.ts';
import { planSegments } from '../../../../sync/feed/manifest.ts';
import type { Segment } from '../../../../sync/feed/segment.ts';
import { createStateHash } from '../../../../sync/merge/state-hash.ts';
import { ACCOUNT_COLUMNS } from '../../../../crm/repos/rows.ts';
import type { AccountRow, CardRow } from '../../../../sync/model/card.ts';
import type { MemberRow } from '../../../../sync/model/member.ts';

export async function openFeedDatabase(url: string): Promise<Database> {
  const database = await openDatabase({
    url,
    folder: '',
    onError: () => undefined,
    onDeath: () => undefined,
  });
  await migrate(database, nodeCrypto, 0);
  return database;
}

/** A copy in a few maps, filled from segments; its hash leaves out as of when a row is known. */
export function createCopy() {
  const members = new Map<string, MemberRow>();
  const cards = new Map<string, CardRow>();
  const accounts = new Map<number, AccountRow>();
  const apply = ({ rows, balances }: Segment): void => {
    for (const row of rows.members) members.set(row.memberId, row);
    for (const row of rows.cards) cards.set(row.cardId, row);
    for (const row of rows.accounts) accounts.set(row.accountNo ?? 0, row);
    for (const { accountNo, ...figures } of balances) {
      const row = accounts.get(accountNo);
      if (row === undefined) throw new Error(`a balance of account ${accountNo}, which nobody has heard of`);
      accounts.set(accountNo, { ...row, ...figures });
    }
  };
  const hash = (): string => {
    const state = createStateHash(nodeCrypto);
    for (const row of members.values()) state.addMember({ ...row, seq: 0 });
    for (const row of cards.values()) state.addCard({ ...row, seq: 0 });
    for (const row of accounts.values()) state.addAccount({ ...row, seq: 0 });
    return state.value();
  };
  return { apply, hash, members, accounts };
}

export type Copy = ReturnType<typeof createCopy>;

/** Brings a copy forward by what the files hold; says how far it is then. */
export async function pullFiles(database: Database, copy: Copy, cursor: number): Promise<number> {
  const plan = planSegments(await listSegments(database.sql, 0), cursor) ?? [];
  let reached = cursor;
  for (const ref of plan) {
    const segment = await unpackSegment(database.sql, ref);
    copy.apply(segment);
    reached = segment.toSeq;
  }
  return reached;
}

/** The centre's own rows, as a copy. */
export async function centreHash(database: Database): Promise<string> {
  const copy = createCopy();
  const { sql } = database;
  const all = async <Row>(table: string): Promise<Row[]> =>
    (await rowsOf<{ row: Row }>(sql, `select "row" from ${table}`)).map(({ row }) => row);
  copy.apply({
    fromSeq: 0,
    toSeq: 0,
    balances: [],
    rows: {
      documents: [],
      members: await all<MemberRow>('members'),
      cards: await all<CardRow>('cards'),
      accounts: await rowsOf<AccountRow>(sql, `select ${ACCOUNT_COLUMNS} from accounts`),
    },
  });
  return copy.hash();
}
