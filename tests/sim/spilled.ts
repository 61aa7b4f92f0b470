import { openRecord, ownSessionKey } from '../../db/spill/seal.ts';
import { createTillSettings } from '../../electron/core/till-settings.ts';
import type { OpId } from '../../sync/base/ids.ts';
import { readSpill } from '../../sync/spill/format.ts';
import type { MemoryFolder } from '../parts/memory-folder.ts';
import type { TillImage } from './till-wiring.ts';

const SPILL = /^spill\..*log(\.refused)?$/;

/** Ids of the ops whose records whole spill files hold, opened with the till's own key. */
export function spilledOps({ till, folder }: Pick<TillImage, 'till' | 'folder'>): OpId[] {
  const secretKey = createTillSettings(till.settings).enrolment()?.secretKey;
  if (secretKey === undefined) return [];
  return spillFiles(folder).flatMap((bytes) =>
    readSpill(bytes).sessions.flatMap((session) => {
      const key = ownSessionKey(session, secretKey);
      return session.records.map((record) => (JSON.parse(openRecord(key, record)) as { opId: OpId }).opId);
    }),
  );
}

/** Every spill file of a folder, those that were set aside included. */
export const spillFiles = (folder: MemoryFolder): Uint8Array[] =>
  folder
    .names()
    .filter((name) => SPILL.test(name))
    .map((name) => folder.read(name));
