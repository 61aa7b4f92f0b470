import { addUp, type SpillImportRequest, type SpillReply } from '../../sync/protocol/spill.ts';
import { readSpill } from '../../sync/spill/format.ts';
import { AppError } from '../contract/errors.ts';
import { createCentreClient } from './centre-client.ts';
import { toSetUpError } from './enrol-code.ts';
import { toParts } from './spill.ts';

const NOTHING: SpillReply = { booked: 0, known: 0, kept: 0, refused: 0 };

/**
 * Brings the spill file of a till that is lost to the centre, as a manager. It stays sealed on its way; the same file
 * again changes nothing, so one that was cut off is simply brought again. No till's folder has a part in it.
 *
 * @throws AppError `bad_request`, `pin_wrong`, `centre_refused` or `centre_unreachable`.
 */
export async function bringSpill(
  serverUrl: string,
  by: Pick<SpillImportRequest, 'login' | 'pin'>,
  bytes: Uint8Array,
): Promise<SpillReply> {
  const parts = [...toParts(readSpill(bytes).sessions)];
  if (parts.length === 0) {
    throw new AppError(
      'bad_request',
      'There is no operation in this file. Nothing was changed. Take `spill.log` out of the lost till’s folder.',
    );
  }
  const centre = createCentreClient({ serverUrl });
  let total = NOTHING;
  try {
    for (const part of parts)
      total = addUp(total, await centre.importSpill({ ...by, spill: part.toString('base64') }));
  } catch (cause) {
    throw toSetUpError(cause);
  }
  return total;
}
