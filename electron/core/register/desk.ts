import { toE164 } from '../../../sync/base/phone.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import type { StaffRole } from '../../../sync/model/chain.ts';
import {
  type ColumnKinds,
  kindOfColumn,
  kindsOf,
  type RegisterChoice,
  type RegisterCondition,
} from '../../../sync/model/register.ts';
import { AppError } from '../../contract/errors.ts';
import type { Session } from '../../contract/till.ts';
import type { Ctx } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';

/** Who asks for the list of all members. @throws AppError `signin_required`, `not_allowed`. */
export function deskOf(
  ctx: Ctx,
  least: Exclude<StaffRole, 'cashier'>,
): { session: Session; isManager: boolean } {
  const { session, directory } = ctx;
  if (session === null)
    throw new AppError('signin_required', 'Somebody must sign in first. Nothing was done.');
  const role = roleNow(directory, session);
  if (!isAtLeast(role, least))
    throw new AppError('not_allowed', `The list of all members is for a ${least}. Nothing was done.`);
  return { session, isManager: isAtLeast(role, 'manager') };
}

/** A whole number is meant in any notation; a part of one by its digits. */
function readCondition(condition: RegisterCondition, country: string): RegisterCondition {
  const isWholePhone = condition.op === 'is' && kindOfColumn(condition.column, {}) === 'phone';
  if (!isWholePhone) return condition;
  return { ...condition, text: toE164(condition.text, country) ?? condition.text };
}

/** The choice as the list takes it. */
export function readChoice({ directory }: Ctx, { filter, search }: RegisterChoice): RegisterChoice {
  const country = directory.country();
  const rules = filter.rules.map((rule) =>
    'rules' in rule
      ? { ...rule, rules: rule.rules.map((each) => readCondition(each, country)) }
      : readCondition(rule, country),
  );
  return { filter: { ...filter, rules }, search };
}

/** What the chain's own columns are just now. */
export const kindsNow = ({ directory }: Ctx): ColumnKinds => kindsOf(directory.attributes());
