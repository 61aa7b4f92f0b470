import { z } from 'zod';
import { MemberId, TillId } from '../base/ids.ts';
import { AccountRow, CardNumber, CardRow } from '../model/card.ts';
import { E164, MemberRow, Seq } from '../model/member.ts';
import { Releases } from './releases.ts';

/** People that one answer may hold; with those who were merged into them some more rows. */
export const FOUND_MAX = 20;

/** Whole keys only, each as the box reads it: no part of a number, no name. One of them at least. */
export const FindKeys = z.strictObject({
  cardNumber: CardNumber.nullable(),
  phone: E164.nullable(),
  /** As `emailKey` and `lookupIdKey` make them; '' is nobody's. */
  email: z.string().min(3).max(200).nullable(),
  lookupId: z.string().min(1).max(120).nullable(),
});
export type FindKeys = z.infer<typeof FindKeys>;

/** A till asks for somebody whom its copy does not hold. */
export const FindRequest = z.strictObject({
  protocol: z.int(),
  tillId: TillId,
  incarnation: z.int().min(1),
  /** The copy's cursor: what was settled of the till's held ops behind it is told along. */
  cursor: Seq,
  keys: FindKeys,
});
export type FindRequest = z.infer<typeof FindRequest>;

/**
 * Rows of one instant. A till takes them only where its copy is of the same epoch, where it knows the fates of its own
 * ops up to `hiTseq` (a row may hold one of them), and where it has heard of no later erasure than `erasureNo`.
 */
export const FindReply = z.object({
  epoch: z.string().max(40),
  headSeq: Seq,
  hiTseq: z.int().min(0),
  erasureNo: z.int().min(0),
  releases: Releases,
  /** Who has one of the keys, or goes on as somebody who has. */
  found: z.array(MemberId).max(FOUND_MAX),
  rows: z.strictObject({
    members: z.array(MemberRow),
    cards: z.array(CardRow),
    accounts: z.array(AccountRow),
  }),
});
export type FindReply = z.infer<typeof FindReply>;
