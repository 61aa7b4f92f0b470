import { z } from 'zod';

/**
 * A held op of the asking till that was settled later: applied, repaired or dismissed by a manager, or its
 * missing target came. From now on it counts as acknowledged under `seq` and is held no more. Told at any
 * time before the till's cursor reaches `seq`; telling it early or twice changes nothing.
 */
export const Release = z.object({
  incarnation: z.int().min(1),
  tseq: z.int().min(1),
  seq: z.int().min(1),
});
export type Release = z.infer<typeof Release>;
/** What one answer tells at most. With so many it brings no rows and moves no cursor: the rest comes first. */
export const RELEASES_MAX = 50_000;
export const Releases = z.array(Release).max(RELEASES_MAX);
