import { z } from 'zod';
import { AccountRow, CardRow, EntryRow } from './card.ts';
import { ChainDocument } from './chain.ts';
import { MemberRow } from './member.ts';

export const CARD_BLOCK_SIZE = 500;

/** Card numbers that only this till may issue. */
export const CardBlock = z.object({
  blockId: z.int().min(1),
  numbers: z.array(z.string().regex(/^\d{16}$/)).max(CARD_BLOCK_SIZE),
});
export type CardBlock = z.infer<typeof CardBlock>;

/** Ops `firstTseq .. firstTseq + count - 1` were numbered `firstSeq …` in the same order. */
export const AckRange = z.object({
  firstTseq: z.int().min(1),
  count: z.int().min(1),
  firstSeq: z.int().min(1),
});
export type AckRange = z.infer<typeof AckRange>;

/**
 * Why a numbered op had no effect yet: it waits at the centre for a person, and stays "pending" on the till.
 */
export const HeldReason = z.enum([
  'bad_body',
  'unknown_target',
  'card_number_taken',
  'op_id_repeated',
  'already_corrected',
  'already_merged',
  'actor_unknown',
  'not_allowed',
  'document_changed',
  /** Of a version of its card type that the centre does not have: it waits for the next one. */
  'unknown_rule',
  'wrong_kind',
  'unknown_reward',
  'beyond_rule',
]);
export type HeldReason = z.infer<typeof HeldReason>;
/** As a centre tells it that may be later than who reads it: a reason that is not known here is kept as it came. */
export const ToldReason = z.string().min(1).max(40);
/** The same where a page shows it: as an op that nobody here can read. */
export const ShownReason = HeldReason.catch('bad_body');

/** Confirmed rows on their way to a replica. */
export const Rows = z.strictObject({
  documents: z.array(ChainDocument),
  members: z.array(MemberRow),
  cards: z.array(CardRow),
  accounts: z.array(AccountRow),
  entries: z.array(EntryRow),
});
export type Rows = z.infer<typeof Rows>;
export const EMPTY_ROWS: Rows = { documents: [], members: [], cards: [], accounts: [], entries: [] };
