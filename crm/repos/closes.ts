import type { CloseCertificate } from '../../sync/close/certificate.ts';
import type { CloseReceipt } from '../../sync/close/receipt.ts';
import type { TseqRange } from '../../sync/close/ranges.ts';
import type { WireOp } from '../../sync/model/op.ts';
import { rowsOf, type Sql } from '../database.ts';

const PAGE_OPS = 2_000;

/** An op of the ledger with everything that a close looks at. */
export interface LedgerOp {
  tseq: number;
  header: Omit<WireOp, 'body'>;
  /** Null: erased; then `commitment` stands for it in the hash. */
  body: WireOp['body'] | null;
  commitment: string | null;
  heldReason: string | null;
  releasedSeq: number | null;
  /** The manager on whose word a held op was settled. */
  releasedBy: string | null;
  repairedBody: WireOp['body'] | null;
  /** What its entry moves; null where the ledger has none. */
  delta: number | null;
}

/** A till's ops within `range`, in order, a page at a time. */
export async function eachLedgerOp(
  sql: Sql,
  { tillId, incarnation, range }: { tillId: string; incarnation: number; range: TseqRange },
  visit: (op: LedgerOp) => void,
): Promise<void> {
  for (let from = range.fromTseq; from <= range.toTseq; from += PAGE_OPS) {
    const to = Math.min(range.toTseq, from + PAGE_OPS - 1);
    const page = await rowsOf<LedgerOp>(
      sql,
      `select o.tseq, o.header::json, o.body::json, o.commitment, o.held_reason as "heldReason", o.released_seq as
         "releasedSeq", o.released_by as "releasedBy", o.repaired_body as "repairedBody", e.delta
       from ops o left join entries e on e.op_id = o.op_id
       where o.till_id = $1 and o.incarnation = $2 and o.branch = 0 and o.tseq between $3 and $4
       order by o.tseq`,
      [tillId, incarnation, from, to],
    );
    for (const op of page) visit(op);
  }
}

/** A till's ops of a day under earlier incarnations, or on branches beside the living chain. */
export async function countElsewhere(
  sql: Sql,
  { tillId, incarnation, businessDay }: { tillId: string; incarnation: number; businessDay: string },
): Promise<number> {
  const text = `select count(*) as count from ops where till_id = $1
    and (incarnation < $2 or branch > 0) and header::json ->> 'businessDay' = $3`;
  const [row] = await rowsOf<{ count: number }>(sql, text, [tillId, incarnation, businessDay]);
  return row?.count ?? 0;
}

interface Close {
  certificateHash: string;
  certificate: CloseCertificate;
  signature: string;
  nowMs: number;
}

/** Keeps a certificate; one that is known changes nothing. */
export async function saveClose(sql: Sql, close: Close): Promise<void> {
  const { tillId, incarnation, businessDay } = close.certificate;
  await sql.query(
    `insert into closes (certificate_hash, till_id, incarnation, business_day, certificate, signature,
       received_at_ms) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      ...[close.certificateHash, tillId, incarnation, businessDay],
      ...[JSON.stringify(close.certificate), close.signature, close.nowMs],
    ],
  );
}

export async function saveReceipt(sql: Sql, receipt: CloseReceipt, signature: string): Promise<void> {
  await sql.query(
    `insert into close_receipts (certificate_hash, checked_at_ms, verdict, receipt, signature)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [
      ...[receipt.certificateHash, receipt.checkedAtMs, receipt.verdict],
      ...[JSON.stringify(receipt), signature],
    ],
  );
}
