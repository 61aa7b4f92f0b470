import { z } from 'zod';
import { TillId } from '../base/ids.ts';

/** What one request carries of a spill file; as base64 it stays far below what the centre reads. */
export const SPILL_PART_BYTES_MAX = 384 * 1024;
const Spill = z.base64().max(Math.ceil(SPILL_PART_BYTES_MAX / 3) * 4 + 4);

/**
 * Records of a spill file that no `till.db` has any more, sessions before their ops. Sealed: only the centre
 * can open them, and it believes what the writing till's key signed, whoever sends it.
 */
export const SpillRequest = z.strictObject({
  protocol: z.int(),
  /** Who sends. */
  tillId: TillId,
  incarnation: z.int().min(1),
  spill: Spill,
});
export type SpillRequest = z.infer<typeof SpillRequest>;

/** The same by a manager, for a till that is lost. */
export const SpillImportRequest = z.strictObject({
  login: z.string().max(40),
  pin: z.string().max(20),
  spill: Spill,
});
export type SpillImportRequest = z.infer<typeof SpillImportRequest>;

/**
 * How many ops: `booked` now; `known` already; `kept` for a manager, because other work has their place;
 * `refused`, because they are of no till of this chain, or can not be opened.
 */
export const SpillReply = z.object({
  booked: z.int().min(0),
  known: z.int().min(0),
  kept: z.int().min(0),
  refused: z.int().min(0),
});
export type SpillReply = z.infer<typeof SpillReply>;

/** Two replies as one: files travel in parts. */
export const addUp = (one: SpillReply, other: SpillReply): SpillReply => ({
  booked: one.booked + other.booked,
  known: one.known + other.known,
  kept: one.kept + other.kept,
  refused: one.refused + other.refused,
});
