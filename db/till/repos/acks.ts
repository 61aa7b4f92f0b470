import { assert } from '../../../sync/base/must.ts';
import type { AckRange } from '../../../sync/model/feed.ts';
import type { Connection } from '../../open.ts';
import { atomically } from '../../transaction.ts';
import type { OpRepo } from '../types.ts';
import { createTseqSearch } from './tseq-search.ts';

type AckMethods = Pick<
  OpRepo,
  'ackedTseq' | 'recordAcks' | 'recordReleases' | 'forgetAcks' | 'forgetKeys' | 'counts'
>;

/** The part of the op repository that follows what the centre answers. */
export function ackWriter(raw: Connection): AckMethods {
  const number = raw.prepare<[number, number, number, number]>(
    'UPDATE ops SET ack_seq = ? + (tseq - ?) WHERE tseq BETWEEN ? AND ?',
  );
  const hold = raw.prepare<[string, number]>(
    'UPDATE ops SET held_reason = ? WHERE tseq = ? AND ack_seq IS NOT NULL',
  );
  const countHeld = raw
    .prepare<[], number>('SELECT count(*) FROM ops INDEXED BY ops_held WHERE held_reason IS NOT NULL')
    .pluck();
  const release = raw.prepare<[number, number, number]>(
    `UPDATE ops SET released_seq = ?, held_reason = NULL
     WHERE tseq = ? AND incarnation = ? AND (held_reason IS NOT NULL OR released_seq IS NOT NULL)`,
  );
  const forget = raw.prepare<[number, number]>(
    `DELETE FROM pending_keys INDEXED BY pending_keys_tseq WHERE tseq <= ?
     AND NOT EXISTS (SELECT 1 FROM ops WHERE ops.tseq = pending_keys.tseq
       AND (held_reason IS NOT NULL OR released_seq > ?))`,
  );
  const forgetNumbers = raw.prepare<[number]>(
    'UPDATE ops SET ack_seq = NULL, held_reason = NULL, released_seq = NULL WHERE tseq <= ?',
  );
  const search = createTseqSearch(raw);
  const recordRange = ({ firstTseq, count, firstSeq }: AckRange): void => {
    const lastTseq = firstTseq + count - 1;
    assert(firstTseq <= search.acked() + 1, 'acks leave no gap');
    assert(lastTseq <= search.last(), 'acks name own ops only');
    number.run(firstSeq, firstTseq, firstTseq, lastTseq);
  };
  return {
    ackedTseq: search.acked,
    recordAcks: (acks, held) =>
      atomically(raw, () => {
        for (const range of acks) recordRange(range);
        for (const { tseq, reason } of held)
          assert(hold.run(reason, tseq).changes === 1, 'a held op is numbered');
      }),
    recordReleases: (releases) =>
      atomically(raw, () => {
        for (const { tseq, incarnation, seq } of releases) release.run(seq, tseq, incarnation);
      }),
    forgetAcks: () => atomically(raw, () => void forgetNumbers.run(search.acked())),
    forgetKeys: (settledSeq) =>
      atomically(raw, () => void forget.run(search.ackedUpTo(settledSeq), settledSeq)),
    counts: () => {
      const total = search.last();
      return { total, outstanding: total - search.acked(), held: countHeld.get() ?? 0 };
    },
  };
}
