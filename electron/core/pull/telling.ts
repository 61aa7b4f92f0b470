import type { ReplicaDb } from '../../../db/replica/types.ts';

interface Parts {
  replica: () => ReplicaDb;
  onDocuments: () => void;
  onChanged: (memberIds: null) => void;
}

/** Runs an act that may take rows out of files, and tells of them also where it stopped half-way. */
export async function telling(
  { replica, onDocuments, onChanged }: Parts,
  act: () => Promise<unknown>,
): Promise<void> {
  const before = replica();
  const writes = before.writes();
  try {
    await act();
  } finally {
    if (replica() !== before || before.writes() !== writes) {
      onDocuments();
      onChanged(null);
    }
  }
}
