import { chunkImage } from '../parts/chunk-image.ts';
import { rowsOf } from './members.ts';

/** Members of one chunk: its image has some 8 MB. */
export const MEMBERS_PER_CHUNK = 15_000;

/** A chunk of the big chain's snapshot, as the centre makes it: members `first .. first + count - 1`. */
export function bigChunk({ first, count }: { first: number; count: number }, seq: number): Buffer {
  const made = Array.from({ length: count }, (_, at) => rowsOf(first + at, seq));
  return chunkImage(
    {
      members: made.map(({ member }) => member),
      cards: made.map(({ card }) => card),
      accounts: made.map(({ account }) => account),
    },
    seq,
  );
}
