import { z } from 'zod';

/**
 * Members as a list, those marked one by one, a member's history, that of a card type's holders, rows of an import that
 * were not taken.
 */
export const ExportWhat = z.enum(['members', 'chosen', 'history', 'card_history', 'failed_rows']);
export type ExportWhat = z.infer<typeof ExportWhat>;

const REASON_MAX = 200;
/** Several spaces, signs that end a line or turn the way in which it is read: one space in a text that is one line. */
const UNSEEN = /[\s\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Why somebody takes data out, in her own words. */
export const ExportReason = z
  .string()
  .max(4 * REASON_MAX)
  .transform((text) => text.replace(UNSEEN, ' ').trim())
  .pipe(z.string().min(1).max(REASON_MAX));
export const EXPORT_REASON_MAX = REASON_MAX;

export const ExportPurpose = z.enum(['administration', 'marketing']);
export type ExportPurpose = z.infer<typeof ExportPurpose>;

/** Of an export, without a word of what was in the file. What a later till says besides is passed over. */
export const ExportFacts = z.object({
  exportId: z.uuid().lowercase(),
  what: ExportWhat,
  /** What it was said to be for; '' where nobody was asked. */
  purpose: z.enum(['', ...ExportPurpose.options]),
  /** In words of whoever made it; left out where nobody was asked for one. */
  reason: z.string().max(REASON_MAX).optional(),
  /** Id of the member or card type whose history it was, or of the import; else ''. */
  of: z.string().max(40),
  /** Lines without the heading: asked for while it runs, gone out at its end; null where nobody knows yet. */
  rows: z.int().min(0).nullable(),
  /** `begun`: no end was told, so up to all of it went out. `cut`: given up on the way. */
  stage: z.enum(['begun', 'whole', 'cut']),
});
export type ExportFacts = z.infer<typeof ExportFacts>;

/** One export as it is shown: of its beginning and its end, what is known last. `atMs` is the beginning. */
export const ExportLine = ExportFacts.extend({
  atMs: z.int(),
  actorId: z.string(),
  tillId: z.string(),
  storeId: z.string(),
});
export type ExportLine = z.infer<typeof ExportLine>;

export const EXPORTS_SHOWN = 200;

/** Beginnings and ends in any order, joined; the newest first. */
export function joinExports(told: readonly ExportLine[]): ExportLine[] {
  const known = new Map<string, ExportLine>();
  for (const line of told) {
    const other = known.get(line.exportId);
    const last = other === undefined || other.stage === 'begun' ? line : other;
    known.set(line.exportId, { ...last, atMs: Math.min(line.atMs, other?.atMs ?? line.atMs) });
  }
  return [...known.values()].sort((left, right) => right.atMs - left.atMs).slice(0, EXPORTS_SHOWN);
}
