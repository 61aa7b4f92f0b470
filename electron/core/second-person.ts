import type { StaffId } from '../../sync/base/ids.ts';
import { isBacked, leastSecond } from '../../sync/merge/second-person.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import type { OpBody } from '../../sync/model/op.ts';
import { AppError } from '../contract/errors.ts';
import type { Session } from '../contract/till.ts';
import type { Directory } from './directory.ts';

export const secondRefused = (least: StaffRole): AppError =>
  new AppError(
    'second_person',
    `This takes a second person: somebody else, at least a ${least}, with her own PIN. Nothing was saved.`,
  );

/** The same rule as at the centre, by the documents of this till. @throws AppError `second_person` */
export function assertBacked(directory: Directory, { person }: Session, body: OpBody): void {
  const roleOf = (staffId: StaffId): StaffRole | undefined => {
    const known = directory.staff(staffId);
    return known === undefined || known.isGone ? undefined : known.role;
  };
  if (!isBacked({ actorId: person.staffId, body }, roleOf)) throw secondRefused(leastSecond(body.kind));
}
