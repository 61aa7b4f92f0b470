import type { ImportsDb } from '../../../db/imports/types.ts';
import { emailKey } from '../../../sync/base/search-key.ts';
import type { Run } from './facts.ts';
import type { Former } from './row-ops.ts';

/**
 * E-mail addresses that a run has itself given to members who were there before it. Its rows were compared with the
 * members as they were, and several people may share an address: nobody is found by what an earlier row has written.
 * Other keys can not stand in two rows of a file.
 */
export interface OwnWords {
  isOwn(memberId: string, email: string): boolean;
  /** Of a row whose outcome is not saved yet. */
  note(memberId: string, email: string): void;
  /** All outcomes are saved. */
  forget(): void;
}

export function createOwnWords(db: ImportsDb, { runNo }: Pick<Run, 'runNo'>): OwnWords {
  const recent = new Map<string, string>();
  const stored = (memberId: string): string | null => {
    const row = db.rowAbout(runNo, memberId);
    if (row === undefined || row.status !== 'done' || row.former === '') return null;
    // Cast: the run wrote it.
    return (JSON.parse(row.former) as Former).set.email ?? null;
  };
  return {
    isOwn: (memberId, email) => {
      const own = recent.get(memberId) ?? stored(memberId);
      return own !== null && emailKey(own) === emailKey(email);
    },
    note: (memberId, email) => void recent.set(memberId, email),
    forget: () => recent.clear(),
  };
}
