import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import type { HeldReason } from '../../sync/model/feed.ts';
import { commitmentOf, isPersonal, type OpBodyOf, type WireOp } from '../../sync/model/op.ts';
import { RELEASES_MAX, type Release } from '../../sync/protocol/releases.ts';
import type { Flag } from '../../sync/merge/rows.ts';
import { rowsOf, type Sql } from '../database.ts';
import { joinJson, jsonTexts, plainArray, textArray } from './arrays.ts';

export interface NumberedOp {
  seq: number;
  op: WireOp;
  hash: string;
  /** Header and body as they are stored, where they were written out already. */
  headerText?: string;
  bodyText?: string;
  held: HeldReason | null;
  flags: readonly Flag[];
  /** Rows that a held op misses: when one of them comes, the op is tried again. */
  waitsFor: readonly string[];
  /** The op is about a member who is anonymised: its body is kept as its commitment only. */
  isErased: boolean;
  /** Of a body that came erased; otherwise worked out where it is needed. */
  commitment?: string | undefined;
  /** Of a booked stray: tells it from the op that had its place before. 0 for all others. */
  branch?: number;
}

/** A held op as it lies at the centre, not released yet. */
export interface HeldOp {
  seq: number;
  op: WireOp;
  reason: HeldReason;
}

/** A held op that was settled under a later number. */
export interface Settled {
  heldSeq: number;
  releasedSeq: number;
  /** The manager who did it; null: its missing target came. */
  by: string | null;
  /** The body that was applied, where it was not the op's own. */
  body: WireOp['body'] | null;
}

export interface KnownHash {
  tillId: string;
  tseq: number;
  hash: string;
}

/** Hashes of a till's numbered ops `fromTseq .. toTseq`. */
export async function listHashes(
  sql: Sql,
  range: { tillId: string; incarnation: number; fromTseq: number; toTseq: number },
): Promise<KnownHash[]> {
  return rowsOf<KnownHash>(
    sql,
    `select till_id as "tillId", tseq, hash from ops
     where till_id = $1 and incarnation = $2 and branch = 0 and tseq between $3 and $4`,
    [range.tillId, range.incarnation, range.fromTseq, range.toTseq],
  );
}

/** Hash of the op that has this number; undefined when there is none. */
export async function findOpHash(sql: Sql, seq: number): Promise<string | undefined> {
  const [found] = await rowsOf<{ hash: string }>(sql, 'select hash from ops where seq = $1', [seq]);
  return found?.hash;
}

/** What is kept of a numbered op, to tell whether one that has its id says the same. */
export interface KnownOp extends Pick<WireOp, 'opId' | 'tillId' | 'incarnation' | 'kind' | 'salt'> {
  hash: string;
  /** Null once the member is anonymised; the commitment stands for it. */
  body: WireOp['body'] | null;
  commitment: string | null;
}

/** Those of `ids` that the centre has numbered already, whoever sent them. */
export async function listKnownOps(sql: Sql, ids: readonly string[]): Promise<KnownOp[]> {
  if (ids.length === 0) return [];
  const text = `select op_id as "opId", till_id as "tillId", incarnation, kind, hash, commitment,
      header::json ->> 'salt' as salt, body::json as body
    from ops where op_id = any($1::uuid[]) and held_reason is distinct from 'op_id_repeated'`;
  return rowsOf<KnownOp>(sql, text, [plainArray(ids)]);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whom a body names, read off one that nobody understands too. */
export function namedMember({ body }: Pick<WireOp, 'body'>): MemberId | null {
  const { memberId } = body as { memberId?: unknown };
  return typeof memberId === 'string' && UUID.test(memberId) ? (memberId as MemberId) : null;
}

/** Whom an op is about, where it carries personal data, or nobody can tell whether it does. */
const personOf = (op: WireOp, held: HeldReason | null): MemberId | null =>
  isPersonal(op.kind) || held === 'bad_body' ? namedMember(op) : null;

/** Header and body to the letter; of an erased op without what the body said. */
function textsOf({ op, headerText, bodyText, isErased }: NumberedOp): { header: string; body: string } {
  if (!isErased && headerText !== undefined && bodyText !== undefined) {
    return { header: headerText, body: bodyText };
  }
  const { body, ...header } = op;
  if (isErased) return { header: JSON.stringify({ ...header, salt: '' }), body: 'null' };
  return { header: JSON.stringify(header), body: JSON.stringify(body) };
}

const INSERT_OPS = `insert into ops (seq, till_id, incarnation, tseq, branch, op_id, hash, kind, held_reason, header,
    body, received_at_ms, member_id, commitment)
  select x.seq, x.till_id, x.incarnation, x.tseq, x.branch, x.op_id, x.hash, x.kind, x.held_reason, x.header, x.body,
    $1, x.member_id, x.commitment
  from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::uuid[], $8::text[], $9::text[],
      $10::text[], $11::uuid[], $12::text[], ${jsonTexts('$13')}, ${jsonTexts('$14')}
  ) as x(seq, till_id, incarnation, tseq, branch, op_id, hash, kind, held_reason, member_id, commitment, header, body)`;

async function insertWaits(tx: Sql, ops: readonly NumberedOp[]): Promise<void> {
  const waits = ops.flatMap(({ seq, waitsFor }) => [...new Set(waitsFor)].map((target) => ({ target, seq })));
  if (waits.length === 0) return;
  await tx.query(
    `insert into op_waits (target, seq)
     select x.target, x.seq from json_to_recordset($1::json) as x(target text, seq bigint)`,
    [JSON.stringify(waits)],
  );
}

/** Appends ops with their numbers and flags. Header and body travel as text and are stored to the letter. */
export async function insertOps(
  tx: Sql,
  ops: readonly NumberedOp[],
  { nowMs, crypto }: { nowMs: number; crypto: Crypto },
): Promise<void> {
  if (ops.length === 0) return;
  const texts = ops.map(textsOf);
  const inserted = tx.query(INSERT_OPS, [
    nowMs,
    plainArray(ops.map(({ seq }) => seq)),
    textArray(ops.map(({ op }) => op.tillId)),
    plainArray(ops.map(({ op }) => op.incarnation)),
    plainArray(ops.map(({ op }) => op.tseq)),
    plainArray(ops.map(({ branch }) => branch ?? 0)),
    plainArray(ops.map(({ op }) => op.opId)),
    plainArray(ops.map(({ hash }) => hash)),
    textArray(ops.map(({ op }) => op.kind)),
    plainArray(ops.map(({ held }) => held)),
    plainArray(ops.map(({ op, held }) => personOf(op, held))),
    plainArray(
      ops.map(({ op, isErased, commitment }) => (isErased ? (commitment ?? commitmentOf(op, crypto)) : null)),
    ),
    joinJson(texts.map(({ header }) => header)),
    joinJson(texts.map(({ body }) => body)),
  ]);
  await Promise.all([inserted, insertWaits(tx, ops), insertFlags(tx, ops)]);
}

async function insertFlags(tx: Sql, ops: readonly NumberedOp[]): Promise<void> {
  const flags = ops.flatMap(({ seq, op, flags: raised }) =>
    [...new Set(raised)].map((flag) => ({ seq, flag, op_id: op.opId })),
  );
  if (flags.length === 0) return;
  await tx.query(
    `insert into flags (seq, flag, op_id)
     select x.seq, x.flag, x.op_id from json_to_recordset($1::json) as x(seq bigint, flag text, op_id uuid)`,
    [JSON.stringify(flags)],
  );
}

const HELD = `select o.seq, o.header::json, coalesce(o.repaired_body, o.body::json) as body, o.held_reason as reason
  from ops o`;

interface HeldRecord {
  seq: number;
  header: Omit<WireOp, 'body'>;
  body: WireOp['body'] | null;
  reason: HeldReason;
}

/** An erased body stands as one that nothing can be done with. */
const toHeld = ({ seq, header, body, reason }: HeldRecord): HeldOp => ({
  seq,
  op: { ...header, body: body ?? { kind: '' } },
  reason,
});

/**
 * Held ops, not released, that wait for one of `targets`, by seq. Asked for every row that comes into being,
 * so it looks at the waits alone, of which there are hardly ever any, before it looks at an op.
 */
export async function listWaiting(sql: Sql, targets: readonly string[]): Promise<HeldOp[]> {
  if (targets.length === 0) return [];
  const waits = await rowsOf<{ seq: number }>(
    sql,
    'select distinct seq from op_waits where target = any($1::text[])',
    [textArray(targets)],
  );
  return waits.length === 0
    ? []
    : listHeld(
        sql,
        waits.map(({ seq }) => seq),
      );
}

/** Held ops, not released, by their number, in its order. */
export async function listHeld(sql: Sql, seqs: readonly number[]): Promise<HeldOp[]> {
  const text = `${HELD} where o.seq = any($1::bigint[]) and o.held_reason is not null
    and o.released_seq is null order by o.seq`;
  return (await rowsOf<HeldRecord>(sql, text, [seqs])).map(toHeld);
}

/** A document that a till saved and that had no effect at once. */
export interface OwnDocument {
  tillId: string;
  body: OpBodyOf<'document.saved'>;
}

const OWN_DOCUMENTS_MAX = 200;

/**
 * Card types that managers saved at these tills and that were held, also where that was settled since; of each till the
 * newest, as many as anybody works by. What was held because its author may not save any makes no rule.
 */
export async function listOwnDocuments(sql: Sql, tillIds: readonly string[]): Promise<OwnDocument[]> {
  return rowsOf<OwnDocument>(
    sql,
    `select own.* from unnest($1::text[]) as asked(till_id) cross join lateral (
       select till_id as "tillId", body::json as body from ops
       where kind = 'document.saved' and held_reason is not null and till_id = asked.till_id
         and held_reason not in ('bad_body', 'not_allowed', 'actor_unknown')
         and body::json ->> 'docKind' = 'card-type'
       order by seq desc limit ${OWN_DOCUMENTS_MAX}
     ) as own`,
    [textArray(tillIds)],
  );
}

/** Notes how held ops were settled. Header, hash and own body stay as the till sent them: they are the chain. */
export async function saveReleases(tx: Sql, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  const records = settled.map(({ heldSeq, releasedSeq, by, body }) => ({
    seq: heldSeq,
    released_seq: releasedSeq,
    released_by: by,
    repaired_body: body === null ? null : JSON.stringify(body),
  }));
  await tx.query(
    `update ops set released_seq = x.released_seq, released_by = x.released_by,
       repaired_body = x.repaired_body::json
     from json_to_recordset($1::json) as x(seq bigint, released_seq bigint, released_by text, repaired_body text)
     where ops.seq = x.seq`,
    [JSON.stringify(records)],
  );
  await tx.query('delete from op_waits where seq = any($1::bigint[])', [
    settled.map(({ heldSeq }) => heldSeq),
  ]);
}

/**
 * A till's held ops that were settled under a number above `afterSeq`, by that number, at most
 * `RELEASES_MAX`. A booked stray is not among them: its place in the chain is another op's. Read after the feed,
 * never before: what is told early does no harm, what the cursor has passed is never told.
 */
export async function listReleases(
  sql: Sql,
  { tillId, afterSeq }: { tillId: string; afterSeq: number },
): Promise<Release[]> {
  // Before the table has statistics, `branch = 0` alone has the planner read all ops of the till by another index.
  return rowsOf<Release>(
    sql,
    `select incarnation, tseq, released_seq as seq from ops
     where till_id = $1 and branch + 0 = 0 and released_seq > $2 order by released_seq limit $3`,
    [tillId, afterSeq, RELEASES_MAX],
  );
}

/** Ops of these members that carry personal data and still have their body. */
async function listPersonal(sql: Sql, memberIds: readonly string[]): Promise<(WireOp & { seq: number })[]> {
  const text = `select seq, header::json, body::json from ops
    where member_id = any($1::uuid[]) and commitment is null`;
  const rows = await rowsOf<HeldRecord>(sql, text, [memberIds]);
  return rows.flatMap(({ seq, header, body }) => (body === null ? [] : [{ seq, ...header, body }]));
}

/**
 * Empties the bodies of these members' ops that carry personal data. The commitment stays, so the till's
 * chain still verifies; the salt goes, so that the commitment can not be guessed back.
 */
export async function eraseOpBodies(tx: Sql, memberIds: readonly string[], crypto: Crypto): Promise<void> {
  const ops = await listPersonal(tx, memberIds);
  if (ops.length === 0) return;
  const records = ops.map(({ seq, body, ...header }) => ({
    seq,
    header: JSON.stringify({ ...header, salt: '' }),
    commitment: commitmentOf({ salt: header.salt, body }, crypto),
  }));
  await tx.query(
    `update ops set header = x.header, body = 'null', commitment = x.commitment,
       repaired_body = case when repaired_body is null then null else 'null'::json end
     from json_to_recordset($1::json) as x(seq bigint, header text, commitment text) where ops.seq = x.seq`,
    [JSON.stringify(records)],
  );
}
