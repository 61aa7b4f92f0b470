import { z } from 'zod';

/** More kinds than an op can ever have: the centre counts those that it does not understand, too. */
export const LINES_MAX = 200;

/** How often a kind happened, and what it moved; see `unitsOf`. */
export const DayLine = z.strictObject({
  kind: z.string().min(1).max(40),
  count: z.int().min(1),
  units: z.int(),
});
export type DayLine = z.infer<typeof DayLine>;

/** Adds up ops by kind. */
export function createTally() {
  const lines = new Map<string, DayLine>();
  return {
    add: (kind: string, units: number): void => {
      const line = lines.get(kind) ?? { kind, count: 0, units: 0 };
      lines.set(kind, { kind, count: line.count + 1, units: line.units + units });
    },
    /** By kind, in code unit order. */
    lines: (): DayLine[] => [...lines.values()].sort((left, right) => (left.kind < right.kind ? -1 : 1)),
  };
}
