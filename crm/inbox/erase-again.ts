import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId, StaffId } from '../../sync/base/ids.ts';
import type { OpBody } from '../../sync/model/op.ts';
import type { CentreStore } from '../store.ts';
import { openUnit, saveUnit, type Unit } from '../unit.ts';
import { keysOf } from '../working-set.ts';
import { writeOwnOp } from './centre-node.ts';

export interface Again {
  crypto: Crypto;
  nowMs: number;
  /** Everybody whom the list of erasures names. */
  named: ReadonlySet<string>;
}

/** Who says it is whoever said it before: the manager's own op is lost with the database. */
const AGAIN = 'centre' as StaffId;

const anonymised = (memberId: MemberId, epoch: number): OpBody => ({
  ...{ kind: 'member.state', memberId, state: 'anonymised', epoch, reason: '' },
});

async function write(unit: Unit, { crypto }: Again, body: OpBody): Promise<void> {
  const { held } = await writeOwnOp(unit, crypto, { body, actorId: AGAIN, isApproved: true });
  if (held !== null)
    throw new Error(
      `An erasure of the list can not be done again: ${body.kind} of ${body.memberId} is held (${held}). Nothing was changed.`,
    );
}

/** An erasure is of the whole person, and who was split off since the backup was not erased: split off first. */
async function splitOff(unit: Unit, again: Again, memberId: MemberId): Promise<void> {
  const { rows } = unit.around;
  for (const id of rows.mergedSet(memberId)) {
    const intoId = rows.member(id)?.mergedIntoId ?? null;
    if (intoId === null || again.named.has(id) === again.named.has(intoId)) continue;
    await write(unit, again, { kind: 'member.unmerged', memberId: id, intoId, reason: '' });
  }
}

/**
 * Anonymises in a unit of its own those of `ids` who live, by ops of the centre's own node.
 *
 * @returns How many. @throws When one of it is held; nothing may be committed then, or half a person could be erased.
 */
export async function eraseAgain(
  store: CentreStore,
  again: Again,
  ids: readonly MemberId[],
): Promise<number> {
  const unit = await openUnit(store, again.nowMs);
  const { rows } = unit.around;
  rows.add(await store.loadRows({ ...keysOf([]), members: ids, sets: ids }));
  let count = 0;
  for (const memberId of ids) {
    const member = rows.member(memberId);
    // Another centre over this database has done it meanwhile, or it went with another profile of the same person.
    if (member === undefined || member.state === 'anonymised') continue;
    await splitOff(unit, again, memberId);
    await write(unit, again, anonymised(memberId, member.stateEpoch + 1));
    count += 1;
  }
  await saveUnit(unit);
  return count;
}
