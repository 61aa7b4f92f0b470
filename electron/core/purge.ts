import { z } from 'zod';
import type { ReplicaDb } from '../../db/replica/types.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { blankMember } from '../../sync/model/member.ts';
import { EMPTY_ROWS } from '../../sync/model/feed.ts';
import type { Erasures } from '../../sync/protocol/erasures.ts';
import { nodeCrypto } from './crypto.ts';

const PURGED = 'purgedErasure';
const Purged = z.int().min(0);

interface Files {
  till: TillDb;
  replica: ReplicaDb;
  /** The same in files that were set aside; false while one holds something that was not sent yet. */
  eraseAsides?: ((memberId: MemberId) => boolean) | undefined;
  /** Copies of the till's own file say what it does not any more. Called before the receipt is kept. */
  onBlanked?: (() => void) | undefined;
}

const ownPurged = (till: TillDb): number => till.settings.get(PURGED, Purged) ?? 0;

/**
 * The till's receipt: nothing personal of anybody up to this erasure is in its files; 0 before the first. Each of the
 * two files says it of itself, so that another copy, or a file put back, makes no receipt untrue.
 */
export const purgedErasure = ({ till, replica }: Pick<Files, 'till' | 'replica'>): number =>
  Math.min(ownPurged(till), replica.purged());

/** The till's own file is one of before, or the centre counts erasures anew: every erasure is told again. */
export const forgetPurged = (till: TillDb): void => till.settings.remove(PURGED);

/**
 * Blanks what was typed here about the member: in the till's own file what the centre has, and in files of
 * earlier incarnations.
 *
 * @returns `isDone`: false while some of it is still to be sent. `isBlanked`: the till's own file said something.
 */
function eraseOwn({ till, eraseAsides }: Files, memberId: MemberId): { isDone: boolean; isBlanked: boolean } {
  // Up to no op at all: counts those that say something, and blanks none.
  const before = till.ops.erase(memberId, { tseq: 0, crypto: nodeCrypto });
  const left = before && till.ops.erase(memberId, { tseq: till.ops.ackedTseq(), crypto: nodeCrypto });
  return { isDone: left === 0 && (eraseAsides?.(memberId) ?? true), isBlanked: left < before };
}

function blankRows(replica: ReplicaDb, memberIds: readonly MemberId[], purged?: number): void {
  const { epoch, cursor, settled } = replica.meta();
  const members = memberIds
    .map((memberId) => replica.member(memberId))
    .filter((row) => row !== undefined)
    .filter((row) => row.state !== 'anonymised')
    .map(blankMember);
  if (members.length === 0 && (purged ?? replica.purged()) === replica.purged()) return;
  const at = { epoch, cursor, isSettled: cursor === settled, ...(purged !== undefined && { purged }) };
  replica.apply({ ...EMPTY_ROWS, members }, at);
}

/**
 * Blanks anonymised members in the copy, before any row of the answer is taken in, and in the till's own files. The
 * receipt goes only as far as those hold nothing about them: who is told "n of m tills" can rely on it.
 */
export function purge(files: Files, { memberIds, upTo }: Erasures): void {
  const { till, replica } = files;
  blankRows(replica, memberIds);
  let isBlanked = false;
  const left = memberIds.findIndex((memberId) => {
    const own = eraseOwn(files, memberId);
    isBlanked ||= own.isBlanked;
    return !own.isDone;
  });
  if (isBlanked) files.onBlanked?.();
  const done = left === -1 ? upTo : upTo - memberIds.length + left;
  if (done !== ownPurged(till)) till.settings.set(PURGED, done);
}

/**
 * When the copy has all that the centre has: only then can no older row of an erased member come any more whom the copy
 * did not know when it was told. Those who came with this very answer are blanked.
 */
export const confirmPurged = (replica: ReplicaDb, { memberIds, upTo }: Erasures): void =>
  blankRows(replica, memberIds, upTo);
