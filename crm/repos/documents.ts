import { readKept, type Chain, type ChainDocument, type Staff } from '../../sync/model/chain.ts';
import { rowsOf, type Sql } from '../database.ts';
import { lockHead, saveHead } from './feed-head.ts';

type Body<Kind extends ChainDocument['kind']> = Extract<ChainDocument, { kind: Kind }>['body'];

export type NewDocument = {
  [Kind in ChainDocument['kind']]: { kind: Kind; id: string; body: Body<Kind> };
}[ChainDocument['kind']];

/** Null until the centre is set up: the chain's own document is written last. */
export async function findChain(sql: Sql): Promise<Chain | null> {
  const rows = await rowsOf<{ body: Chain }>(
    sql,
    `select body from documents where kind = 'chain' and id = 'chain'`,
  );
  const [row] = rows;
  if (row === undefined) return null;
  // What its shape got since it was saved has its default.
  const kept = readKept({ kind: 'chain', id: 'chain', seq: 0, body: row.body });
  return kept.kind === 'chain' ? kept.body : row.body;
}

/** All documents of a kind, by id. A chain has few: at most some thousands. */
export async function listDocuments<Kind extends ChainDocument['kind']>(
  sql: Sql,
  kind: Kind,
): Promise<Body<Kind>[]> {
  const rows = await rowsOf<{ body: Body<Kind> }>(
    sql,
    'select body from documents where kind = $1 order by id',
    [kind],
  );
  return rows.map((row) => row.body);
}

/** The newest version of one document. */
export async function findDocument<Kind extends ChainDocument['kind']>(
  sql: Sql,
  kind: Kind,
  id: string,
): Promise<Body<Kind> | undefined> {
  const text = 'select body from documents where kind = $1 and id = $2';
  return (await rowsOf<{ body: Body<Kind> }>(sql, text, [kind, id]))[0]?.body;
}

export async function findStaffByLogin(sql: Sql, login: string): Promise<Staff | undefined> {
  const text = `select body from documents where kind = 'staff' and lower(body ->> 'login') = lower($1)`;
  const rows = await rowsOf<{ body: Staff }>(sql, text, [login]);
  return rows.map((row) => row.body).find((staff) => !staff.isGone);
}

export async function listStaffByIds(sql: Sql, ids: readonly string[]): Promise<Staff[]> {
  if (ids.length === 0) return [];
  const text = `select body from documents where kind = 'staff' and id = any($1)`;
  const rows = await rowsOf<{ body: Staff }>(sql, text, [ids]);
  return rows.map((row) => row.body);
}

/** Who saved a person's newest version, also where it waited for a manager first; none of one set up at the centre. */
export async function listStaffAuthors(
  sql: Sql,
  ids: readonly string[],
): Promise<{ staffId: string; actorId: string }[]> {
  if (ids.length === 0) return [];
  const text = `select d.id as "staffId", o.header::json ->> 'actorId' as "actorId"
    from documents d cross join lateral (
      select header from ops where seq = d.seq
      union all select header from ops where released_seq = d.seq and released_seq is not null
    ) as o
    where d.kind = 'staff' and d.id = any($1)`;
  return rowsOf(sql, text, [ids]);
}

/** Writes documents as new versions, each with a number of the feed of its own. Takes the head's lock. */
export async function saveDocuments(tx: Sql, documents: readonly NewDocument[]): Promise<void> {
  const head = await lockHead(tx);
  for (const { kind, id, body } of documents) {
    head.seq += 1;
    await tx.query(
      `insert into documents (kind, id, seq, body) values ($1, $2, $3, $4)
       on conflict (kind, id) do update set seq = excluded.seq, body = excluded.body`,
      [kind, id, head.seq, JSON.stringify(body)],
    );
  }
  await saveHead(tx, head);
}

/** Card types as they were read before, by their text: a chain edits one now and then, every group of pushes asks. */
const readTypes = new Map<string, ChainDocument>();
const READ_TYPES_MAX = 500;

function readType({ id, seq, text }: { id: string; seq: number; text: string }): ChainDocument {
  const key = `${seq} ${text}`;
  const known = readTypes.get(key);
  if (known !== undefined) return known;
  // Cast: what cannot be read as one stays as it is, as everywhere.
  const read = readKept({ kind: 'card-type', id, seq, body: JSON.parse(text) } as ChainDocument);
  if (readTypes.size >= READ_TYPES_MAX) readTypes.clear();
  readTypes.set(key, read);
  return read;
}

/** Every card type in its newest version. The same object as long as nothing was saved; nobody changes it. */
export async function listCardTypes(sql: Sql): Promise<ChainDocument[]> {
  const text = `select id, seq, body::text as text from documents where kind = 'card-type'`;
  return (await rowsOf<{ id: string; seq: number; text: string }>(sql, text)).map(readType);
}
