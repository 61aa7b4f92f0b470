import { z } from 'zod';
import { EXPORTS_SHOWN, ExportFacts } from '../../sync/model/export.ts';
import { query, type Method } from './method.ts';

/** One file that went out. Of whom it was is said by the copy as it is now, and kept nowhere. */
export const ExportView = z.strictObject({
  ...ExportFacts.omit({ of: true }).shape,
  atMs: z.int(),
  actorName: z.string(),
  storeName: z.string(),
  ofName: z.string(),
  ofNameZh: z.string(),
  isOwnTill: z.boolean(),
  /** The centre has not told it back yet. */
  isPending: z.boolean(),
});
export type ExportView = z.infer<typeof ExportView>;

export const exports = {
  /** For managers, the newest first. `down`: only what this till itself let out. */
  'exports.list': query(
    z.strictObject({}),
    z.strictObject({ line: z.enum(['up', 'down']), exports: z.array(ExportView).max(EXPORTS_SHOWN) }),
  ),
} satisfies Record<string, Method>;
