import type { CoreClient } from '../../../electron/contract/index.ts';
import { HISTORY_ROWS_MAX } from '../../../electron/contract/records.ts';
import { HISTORY_MAX, type EntryView } from '../../../electron/contract/views.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import type { MemberId } from './member-state.ts';

/** A part of a history, newest first. */
export interface Stretch {
  readonly entries: readonly EntryView[];
  readonly hasMore: boolean;
  /** Why it was not read as it is now: the entries are those of before. */
  readonly failure: Failure | null;
}
const NOTHING: Stretch = { entries: [], hasMore: true, failure: null };

/** So many come with each press. */
export const STRETCH = 100;

interface Asked {
  readonly memberId: MemberId;
  readonly only: 'all' | 'receipts';
  readonly after: number;
  readonly count: number;
}

async function readStretch(core: CoreClient, { memberId, only, after, count }: Asked): Promise<Stretch> {
  let entries: readonly EntryView[] = [];
  for (;;) {
    const limit = Math.min(HISTORY_ROWS_MAX, count - entries.length);
    const asked = { memberId, only, after: after + entries.length, limit };
    const piece = await core['history.list'](asked);
    entries = [...entries, ...piece.entries];
    if (!piece.hasMore || piece.entries.length === 0 || entries.length >= count)
      return { entries, hasMore: piece.hasMore, failure: null };
  }
}

export interface StretchPlace {
  readonly core: CoreClient;
  readonly only: Asked['only'];
  get(): Stretch | null;
  put(stretch: Stretch): void;
}

/**
 * A stretch that grows by a press. Each reading is of the whole of it, since a new entry moves all places by one, and
 * of several only the one begun last counts.
 */
export function createStretch({ core, only, get, put }: StretchPlace) {
  const after = only === 'all' ? HISTORY_MAX : 0;
  let latest = 0;
  let wanted = 0;
  const read = async (memberId: MemberId): Promise<void> => {
    latest += 1;
    const mine = latest;
    const read = await readStretch(core, { memberId, only, after, count: wanted }).catch(failureOf);
    if (mine !== latest) return;
    if ('entries' in read) return put(read);
    const kept = get() ?? NOTHING;
    wanted = Math.ceil(kept.entries.length / STRETCH) * STRETCH;
    put({ ...kept, failure: read });
  };
  return {
    more: (memberId: MemberId): Promise<void> => {
      wanted += STRETCH;
      return read(memberId);
    },
    /** As much as is open, and the beginning at least. */
    open: (memberId: MemberId): Promise<void> => {
      wanted = Math.max(wanted, STRETCH);
      return read(memberId);
    },
    /** As much as is open; nothing where nothing is. */
    again: (memberId: MemberId): Promise<void> => (wanted === 0 ? Promise.resolve() : read(memberId)),
    /** Somebody else is on the screen: what is still read is dropped. */
    drop: (): void => {
      latest += 1;
      wanted = 0;
    },
  };
}
