import type { TillLostRequest } from '../../sync/protocol/holds.ts';
import { AppError, type ErrorCode } from '../contract/errors.ts';
import { CentreFault, type CentreClient } from './centre-client.ts';

/** Its code is too coarse: what it is about stands in its words. */
function refusalOf({ code, message }: CentreFault): ErrorCode {
  if (/no such till/.test(message)) return 'not_found';
  if (/Several tills/.test(message)) return 'ambiguous';
  if (/Only a manager/.test(message)) return 'not_allowed';
  return code === 'unauthorised' ? 'pin_wrong' : 'centre_refused';
}

function toLostTillError(cause: unknown): unknown {
  if (!(cause instanceof CentreFault)) return cause;
  const { kind, code, message, retryAfterMs } = cause;
  const waitSeconds = retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1_000);
  if (kind === 'refused') return new AppError(refusalOf(cause), message, { cause });
  if (code === 'busy' && /PIN/.test(message))
    return new AppError('pin_locked', message, { cause, waitSeconds });
  const next =
    'The till may be reported or not; nothing that it made is lost by that. Check the line, then say it again; that does no harm.';
  return new AppError('centre_unreachable', `${message} ${next}`, { cause, waitSeconds });
}

/**
 * Tells the centre that a till does not come back, as a manager, whose PIN the centre checks. Lost, it is stopped and
 * all that was set aside for it is free; else it goes on, and what was set aside for its earlier incarnations is free.
 * The same again changes nothing. It can not be taken back: a till that is found is let in anew by a manager's code.
 *
 * @param till Its id, or the name that it alone has.
 * @throws AppError `not_found`, `ambiguous`, `not_allowed`, `pin_wrong`, `pin_locked`, `centre_refused` or
 * `centre_unreachable`.
 */
export async function reportLostTill(
  centre: Pick<CentreClient, 'tillLost'>,
  till: string,
  said: TillLostRequest,
): Promise<void> {
  try {
    await centre.tillLost(till, said);
  } catch (cause) {
    throw toLostTillError(cause);
  }
}
