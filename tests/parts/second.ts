import type { Centre } from '../../crm/centre.ts';
import { saveDocuments } from '../../crm/repos/documents.ts';
import type { MemberId, StaffId } from '../../sync/base/ids.ts';
import { hashPin } from '../../sync/base/pin.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import type { OpBodyOf } from '../../sync/model/op.ts';

/** Somebody beside the manager of a test centre, who stands by what takes two people. */
export const SECOND_ID = 'staff-second' as StaffId;
export const SECOND = { login: 'second', pin: '264918' };

/** She works for the chain from now on; a till knows her after its next exchange. */
export async function addSecond(
  { database, scrypt }: Pick<Centre, 'database' | 'scrypt'>,
  role: StaffRole = 'supervisor',
): Promise<void> {
  const pinHash = await hashPin(SECOND.pin, 'c2FsdA==', scrypt);
  const body = {
    ...{ staffId: SECOND_ID, version: 1, login: SECOND.login, name: 'Second', role, pinHash },
    isGone: false,
  };
  await database.transaction((tx) => saveDocuments(tx, [{ kind: 'staff', id: SECOND_ID, body }]));
}

/** What a till's manager sends when she and the second have erased somebody. */
export const anonymisedBy = (
  memberId: MemberId,
  said: Partial<Pick<OpBodyOf<'member.state'>, 'epoch' | 'reason'>> = {},
): OpBodyOf<'member.state'> => ({
  ...{ kind: 'member.state', memberId, state: 'anonymised', epoch: 1, reason: 'asked' },
  ...said,
  secondId: SECOND_ID,
});
