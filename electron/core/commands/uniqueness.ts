import type { MemberId } from '../../../sync/base/ids.ts';
import { lookupIdKey } from '../../../sync/base/search-key.ts';
import type { MemberFields, MemberRow } from '../../../sync/model/member.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx } from '../ctx.ts';
import { findByField } from '../queries/find-by-field.ts';

/**
 * A mobile and a look-up ID name one living member each (D8, D7). What two tills enrol apart from each other
 * is not refused later: the centre proposes the pair for a merge. `hers`: whoever is the same person.
 */
export function assertUnique(ctx: Ctx, fields: Partial<MemberFields>, hers: readonly MemberId[]): void {
  const isOther = ({ memberId }: MemberRow): boolean => !hers.includes(memberId);
  if (typeof fields.mobile === 'string') {
    const others = findByField(ctx, 'mobile', fields.mobile).filter(isOther);
    if (others.length > 0) {
      throw new AppError(
        'mobile_taken',
        'Another member has this mobile number. Nothing was saved; open that member, or ask for another number.',
      );
    }
  }
  if (fields.lookupId !== undefined) {
    const others = findByField(ctx, 'lookupId', lookupIdKey(fields.lookupId)).filter(isOther);
    if (others.length > 0) {
      throw new AppError(
        'lookup_id_taken',
        'Another member has this look-up ID. Nothing was saved; use another.',
      );
    }
  }
}
