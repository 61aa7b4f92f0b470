import { z } from 'zod';
import type { Crypto } from '../base/crypto.ts';
import { must } from '../base/must.ts';

/** Runs of tseqs in one certificate, and parts in one question. */
export const RANGES_MAX = 400;
/** A part that differs is asked about in so many parts: 10,000 ops are narrowed down in four questions. */
const PARTS = 16;

/** Ops `fromTseq .. toTseq` of one till and incarnation. */
export const TseqRange = z.strictObject({ fromTseq: z.int().min(1), toTseq: z.int().min(1) });
export type TseqRange = z.infer<typeof TseqRange>;

/** A range with one hash over its ops' hashes, in their order. */
export const RangeHash = TseqRange.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type RangeHash = z.infer<typeof RangeHash>;

/** An op's hash by its tseq; undefined where there is no such op. */
export type HashAt = (tseq: number) => string | undefined;

export const sizeOf = ({ fromTseq, toTseq }: TseqRange): number => toTseq - fromTseq + 1;

/** SHA-256 over one line per tseq, its number and its op's hash, `-` for an op that is not there. */
export function hashRange(range: TseqRange, hashAt: HashAt, crypto: Crypto): RangeHash {
  let text = '';
  for (let tseq = range.fromTseq; tseq <= range.toTseq; tseq += 1) text += `${tseq}:${hashAt(tseq) ?? '-'}\n`;
  return { ...range, hash: crypto.sha256Hex(text) };
}

/** At most sixteen parts of a range, nearly equal; a single op stays as it is. */
export function splitRange({ fromTseq, toTseq }: TseqRange): TseqRange[] {
  const size = toTseq - fromTseq + 1;
  const step = Math.ceil(size / PARTS);
  const parts: TseqRange[] = [];
  for (let at = fromTseq; at <= toTseq; at += step)
    parts.push({ fromTseq: at, toTseq: Math.min(toTseq, at + step - 1) });
  return parts;
}

/** Those of `asked` whose ops are not the same here, as far as `RANGES_MAX` parts of the next question go. */
export function differing(asked: readonly RangeHash[], hashAt: HashAt, crypto: Crypto): TseqRange[] {
  let nextCount = 0;
  return asked
    .filter((range) => hashRange(range, hashAt, crypto).hash !== range.hash)
    .filter((range) => (nextCount += splitRange(range).length) <= RANGES_MAX)
    .map(({ fromTseq, toTseq }) => ({ fromTseq, toTseq }));
}

/** True when every part is one op: there is nothing left to narrow down. */
export const areSingle = (ranges: readonly TseqRange[]): boolean =>
  ranges.every((range) => sizeOf(range) === 1);

/** Runs of numbers that follow one another. `tseqs` rises. */
export function toRanges(tseqs: readonly number[]): TseqRange[] {
  const ranges: TseqRange[] = [];
  for (const tseq of tseqs) {
    const last = ranges.at(-1);
    if (last !== undefined && last.toTseq === tseq - 1) last.toTseq = tseq;
    else ranges.push({ fromTseq: tseq, toTseq: tseq });
  }
  return ranges;
}

/** Lowest and highest tseq of `ranges`; null for none. */
export function spanOf(ranges: readonly TseqRange[]): TseqRange | null {
  if (ranges.length === 0) return null;
  const first = must(ranges[0], 'there is one');
  return ranges.reduce(
    ({ fromTseq, toTseq }, range) => ({
      fromTseq: Math.min(fromTseq, range.fromTseq),
      toTseq: Math.max(toTseq, range.toTseq),
    }),
    { fromTseq: first.fromTseq, toTseq: first.toTseq },
  );
}
