import type { EnrolCodeReply, EnrolCodeRequest } from '../../sync/protocol/exchange.ts';
import { AppError } from '../contract/errors.ts';
import { CentreFault, createCentreClient } from './centre-client.ts';

/** A fault of the centre in words for the person who sets a till up: nothing was changed by it. */
export function toSetUpError(cause: unknown): unknown {
  if (!(cause instanceof CentreFault)) return cause;
  if (cause.code === 'unauthorised') return new AppError('pin_wrong', cause.message, { cause });
  if (cause.kind === 'refused') return new AppError('centre_refused', cause.message, { cause });
  const kept =
    'Nothing was changed here; check the address and the line, then try again. A code that was used up meanwhile needs a new one.';
  return new AppError('centre_unreachable', `${cause.message} ${kept}`, { cause });
}

/**
 * Asks the centre for a one-time code, as a manager. No till's folder has a part in it.
 *
 * @throws AppError `pin_wrong`, `centre_refused` or `centre_unreachable`.
 */
export async function askEnrolCode(serverUrl: string, request: EnrolCodeRequest): Promise<EnrolCodeReply> {
  try {
    return await createCentreClient({ serverUrl }).enrolCode(request);
  } catch (cause) {
    throw toSetUpError(cause);
  }
}
