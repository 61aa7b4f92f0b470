import { z } from 'zod';
import { AccountRow, CardRow, EntryRow } from '../model/card.ts';
import { ChainDocument } from '../model/chain.ts';
import { MemberRow, Seq } from '../model/member.ts';
import { BUCKETS, DIGEST_MODULUS, type DigestTable } from './digest.ts';

export const ENTRIES_PER_PAGE_MAX = 5_000;
export const BUCKETS_PER_ASK_MAX = 64;

/** Entries of the asking till's store with numbers above `after`, in any order; everything up to `until` is in. */
export const EntryPage = z.strictObject({ entries: z.array(EntryRow), until: Seq });
export type EntryPage = z.infer<typeof EntryPage>;

/** Every document as it is now: few, and nobody can sign in without them. */
export const DocumentList = z.strictObject({ documents: z.array(ChainDocument) });
export type DocumentList = z.infer<typeof DocumentList>;

/** Something new: `headSeq` is above what was asked with, or the time was over. */
export const WakeReply = z.strictObject({ epoch: z.string().max(40), headSeq: Seq });
export type WakeReply = z.infer<typeof WakeReply>;

const TableDigest = z.strictObject({
  counts: z.array(z.int().min(0)).length(BUCKETS),
  sums: z.array(z.int().min(0).max(DIGEST_MODULUS)).length(BUCKETS),
});

/** The centre's rows as they stood at `seq`, at which a segment ends. */
export const Digests = z.strictObject({
  epoch: z.string().max(40),
  seq: Seq,
  members: TableDigest,
  cards: TableDigest,
  accounts: TableDigest,
});
export type Digests = z.infer<typeof Digests>;

/** All rows of the asked buckets as they stood at `seq`; each row's own `seq` says the same. */
export const BucketRows = z.strictObject({
  epoch: z.string().max(40),
  seq: Seq,
  rows: z.array(z.looseObject({ seq: Seq })),
});
export type BucketRows = z.infer<typeof BucketRows>;

/** What a row of each table must look like. */
export const BUCKET_SHAPES: Record<DigestTable, z.ZodType> = {
  members: MemberRow,
  cards: CardRow,
  accounts: AccountRow,
};
