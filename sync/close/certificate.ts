import { z } from 'zod';
import { canonicalJson, type Json } from '../base/canonical.ts';
import { StaffId, StoreId, TillId } from '../base/ids.ts';
import { HeldReason } from '../model/feed.ts';
import { DayText } from '../model/member.ts';
import { RANGES_MAX, RangeHash } from './ranges.ts';
import { DayLine, LINES_MAX } from './tally.ts';

export const CERTIFICATE_VERSION = 1;
/** A day with more held ops than this says how many there are, and names the first. */
export const HELD_NAMED_MAX = 100;

export const Signature = z.string().regex(/^[0-9a-f]{128}$/);
const Hash = z.string().regex(/^[0-9a-f]{32}$/);

/**
 * What a till says it did on one business day, at the moment of closing. Never changed afterwards: what the
 * centre says about it is the receipt.
 */
export const CloseCertificate = z.strictObject({
  version: z.int().min(1),
  tillId: TillId,
  incarnation: z.int().min(1),
  storeId: StoreId,
  businessDay: DayText,
  /** Corrected clock of the till. */
  closedAtMs: z.int(),
  actorId: StaffId,
  /** The day's ops: one run of tseqs, or more where a clock that was ahead was put right. Empty: no ops. */
  ranges: z.array(RangeHash).max(RANGES_MAX),
  opCount: z.int().min(0),
  lines: z.array(DayLine).max(LINES_MAX),
  /** The till's newest op, whichever day it belongs to; zeros before the first. */
  chainHead: z.strictObject({ tseq: z.int().min(0), hash: Hash }),
  /** Of the day's ops: not answered by the centre yet, and held there for a person. */
  outstanding: z.int().min(0),
  heldCount: z.int().min(0),
  held: z.array(z.strictObject({ tseq: z.int().min(1), reason: HeldReason })).max(HELD_NAMED_MAX),
});
export type CloseCertificate = z.infer<typeof CloseCertificate>;

/** What the till signs. The first word keeps it from being any other text that a till signs. */
export const certificateText = (certificate: CloseCertificate): string =>
  `close\n${canonicalJson(certificate as unknown as Json)}`;
