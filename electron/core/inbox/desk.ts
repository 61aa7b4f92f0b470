import { isAtLeast } from '../../../sync/merge/roles.ts';
import { AppError, type ErrorCode } from '../../contract/errors.ts';
import type { Session } from '../../contract/till.ts';
import { CentreFault, createCentreClient, type CentreClient } from '../centre-client.ts';
import type { Ctx } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';

/** Somebody reads a list, and can wait a little; nothing else waits with her. */
const DESK_TIMEOUT_MS = 5_000;

/** The manager who asks. The command line's reads have nobody. @throws AppError `signin_required`, `not_allowed`. */
export function managerOf(ctx: Ctx, what = 'The inbox is a manager’s.'): Session {
  const { session, directory } = ctx;
  if (session === null)
    throw new AppError('signin_required', 'A manager must sign in first. Nothing was done.');
  if (!isAtLeast(roleNow(directory, session), 'manager')) {
    throw new AppError('not_allowed', `${what} Nothing was changed.`);
  }
  return session;
}

/** The centre, where a question is worth a try; null without a line. */
export function centreOf(ctx: Ctx): CentreClient | null {
  const enrolment = ctx.settings.enrolment();
  if (enrolment === null || !ctx.sync.isLineUp()) return null;
  const { connect = createCentreClient } = ctx;
  return connect({ ...enrolment, timeoutMs: DESK_TIMEOUT_MS });
}

export const noLine = (): AppError =>
  new AppError(
    'centre_unreachable',
    'Only the centre decides this, and no answer came. Look at the list again once the line is back: what still waits was not decided.',
  );

/** Its code is too coarse: what it is about, and whose PIN was wrong, stands in its words. */
function refusalOf({ code, message }: CentreFault): ErrorCode {
  if (code === 'busy' && /PIN/.test(message)) return 'pin_locked';
  if (/second person/.test(message)) return 'second_person';
  if (/saved meanwhile/.test(message)) return 'document_changed';
  if (/answered already/.test(message)) return 'answered_already';
  if (/credit left/.test(message)) return 'credit_left';
  if (!/PIN/.test(message)) return 'centre_refused';
  return code === 'unauthorised' ? 'pin_wrong' : 'centre_refused';
}

/** What the centre's refusal means to a manager at the till. */
export function toDeskError(cause: unknown): unknown {
  if (!(cause instanceof CentreFault)) return cause;
  if (cause.kind === 'unreachable') return noLine();
  const { code } = cause;
  if (code === 'till_forked' || code === 'till_lost') return new AppError(code, cause.message, { cause });
  const { retryAfterMs } = cause;
  const waitSeconds = retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1_000);
  return new AppError(refusalOf(cause), cause.message, { cause, waitSeconds });
}
