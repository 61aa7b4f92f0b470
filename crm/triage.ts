import { CHAIN_START } from '../sync/model/op.ts';
import type { PreparedOp, Push } from './prepared-push.ts';
import { CentreRefusal } from './refusal.ts';
import type { FeedHead } from './repos/feed-head.ts';
import type { TillRow } from './repos/tills.ts';
import { tillLost } from './standing.ts';

export type Triage = { refusal: CentreRefusal; isFork: boolean } | { refusal: null; fresh: PreparedOp[] };

export const forked = (isFork: boolean): Triage => ({
  refusal: new CentreRefusal(
    'till_forked',
    'Another copy of this till has sent different work under the same numbers. Nothing of this ' +
      'copy was taken and nothing is lost. A manager enrols the till anew.',
  ),
  isFork,
});

const restored = (): Triage => ({
  refusal: new CentreRefusal(
    'till_restored',
    'This till’s file is older than what the centre has of it: it was put back from a copy. ' +
      'Nothing was changed. The till goes on under a new incarnation by itself.',
  ),
  isFork: false,
});

const gap = (hiTseq: number): Triage => ({
  refusal: new CentreRefusal(
    'tseq_gap',
    `The centre has this till's operations up to ${hiTseq}, and these do not follow. Nothing ` +
      `was changed. Send again from ${hiTseq + 1}.`,
  ),
  isFork: false,
});

export const countsAnew = (): CentreRefusal =>
  new CentreRefusal(
    'epoch_changed',
    'The centre was restored or moved and counts anew. Nothing was changed. The till fetches ' +
      'its copy again; its own work stays with it.',
  );
const otherEpoch = (): Triage => ({ refusal: countsAnew(), isFork: false });

/**
 * Which ops of a push are new. A repeat is dropped, a gap is refused, and other content under a known
 * number is a fork. A till that never made what the centre has of it was restored.
 *
 * @param hashAt Hash of the till's op with that tseq, as the centre has it.
 */
export function triage(
  push: Push,
  till: TillRow,
  known: { head: FeedHead; hashAt: (tseq: number) => string | undefined },
): Triage {
  if (till.state === 'lost') return { refusal: tillLost(), isFork: false };
  if (till.state === 'quarantined') return forked(false);
  // An earlier incarnation was given up when its till was enrolled anew: refused, but no reason to stop the
  // living one.
  if (push.incarnation !== till.incarnation) return forked(false);
  const isOtherEpoch = push.epoch !== '' && push.epoch !== known.head.epoch;
  // A cursor beyond the head: the centre lost its latest work, and counts those numbers a second time.
  if (isOtherEpoch || push.cursor > known.head.seq) return otherEpoch();
  if (push.ackedTseq > till.hiTseq) return gap(till.hiTseq);
  const hashAt = (tseq: number): string | undefined => (tseq === 0 ? CHAIN_START : known.hashAt(tseq));
  if (hashAt(push.ackedTseq) !== push.ackedHash) return forked(true);
  const fresh: PreparedOp[] = [];
  let prev = push.ackedHash;
  let tseq = push.ackedTseq;
  for (const prepared of push.ops) {
    tseq += 1;
    if (prepared.op.tseq !== tseq) return gap(till.hiTseq);
    if (prepared.op.prev !== prev) return forked(true);
    if (tseq > till.hiTseq) fresh.push(prepared);
    else if (hashAt(tseq) !== prepared.hash) return forked(true);
    prev = prepared.hash;
  }
  // The token of the latest ack, or an older one: either way the till's own last op tells whether only an
  // answer got lost. It holds op `hiTseq` (the loop met no other hash), or it never made it.
  if (push.lastTseq < till.hiTseq) return restored();
  return { refusal: null, fresh };
}
