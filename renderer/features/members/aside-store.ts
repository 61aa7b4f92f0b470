import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { readAside, readConsents, readEnding, readFavourite } from './aside-state.ts';
import type { Aside, Older } from './aside-state.ts';
import { createHistoryFile, type HistoryFile, type SaveStream } from './history-file.ts';
import type { MemberId } from './member-state.ts';
import { createStretch } from './stretches.ts';

export interface AsideState extends HistoryFile {
  /** Null before it was read, and while another member is read. */
  readonly aside: Aside | null;
  /** Null until somebody asks for more than comes with the member. */
  readonly older: Older | null;
  /** Reads what is beside the cards, once for a member; call it when the page is painted. */
  read(memberId: MemberId): Promise<void>;
  /** What the details show beside the profile: consents, receipts, the shop. */
  readDetails(memberId: MemberId): Promise<void>;
  readMoreReceipts(memberId: MemberId): Promise<void>;
  /** One more stretch of her history, behind the entries that come with her. */
  readOlder(memberId: MemberId): Promise<void>;
  /** What comes with her is another by now: so are the places of what is older, and what can be done with it. */
  rereadOlder(memberId: MemberId): Promise<void>;
  /** Something changed: what is shown is read anew, and stays meanwhile. */
  refresh(): Promise<void>;
  leave(): void;
}

interface Parts {
  readonly core: CoreClient;
  readonly get: () => AsideState;
  readonly set: (change: Partial<AsideState>) => void;
}

const detailsOf = ({ consents, receipts, favourite, ending }: Aside) => ({
  ...{ consents, receipts, favourite, ending },
});

/** Of several readings of a thing only the one begun last counts: an earlier answer may tell of how it was. */
function createReader({ core, get, set }: Parts) {
  let wanted: MemberId | null = null;
  let [latest, latestDetails] = [0, 0];
  const older = createStretch({
    ...{ core, only: 'all', get: () => get().older },
    put: (stretch) => wanted !== null && set({ older: { ...stretch, memberId: wanted } }),
  });
  const receipts = createStretch({
    ...{ core, only: 'receipts', get: () => get().aside?.receipts ?? null },
    put: (stretch) => {
      const { aside } = get();
      // What could not be read at all is left out.
      const isRead = stretch.failure === null || aside?.receipts != null;
      if (aside !== null && isRead) set({ aside: { ...aside, receipts: stretch } });
    },
  });
  const ofWanted = (memberId: MemberId, read: typeof older.more): Promise<void> =>
    wanted === memberId ? read(memberId) : Promise.resolve();
  const readAll = async (memberId: MemberId): Promise<void> => {
    latest += 1;
    const mine = latest;
    const aside = await readAside(core, memberId);
    if (mine !== latest) return;
    const { aside: before } = get();
    const kept = before?.memberId === memberId ? detailsOf(before) : {};
    // Somebody else may be on the screen by now.
    if (wanted === memberId) set({ aside: { ...aside, ...kept } });
  };
  /** @param next who is on the screen now; null: nobody */
  const turnTo = (next: MemberId | null): void => {
    wanted = next;
    [latest, latestDetails] = [latest + 1, latestDetails + 1];
    older.drop();
    receipts.drop();
    set({ aside: null, older: null });
    // Her page stands before it is read: what was begun on it meanwhile is hers.
    if (next === null || get().asking?.memberId !== next)
      set({ asking: null, exporting: { status: 'idle' } });
  };
  const readDetails = async (memberId: MemberId): Promise<void> => {
    latestDetails += 1;
    const mine = latestDetails;
    const put = (read: Partial<Aside>): void => {
      const { aside } = get();
      if (mine === latestDetails && wanted === memberId && aside !== null)
        set({ aside: { ...aside, ...read } });
    };
    // The centre may be asked for the one, and never for the other.
    await Promise.all([
      readConsents(core, memberId).then((consents) => put({ consents })),
      ofWanted(memberId, receipts.open),
      readFavourite(core, memberId).then((favourite) => put({ favourite })),
      readEnding(core, memberId).then((ending) => put({ ending })),
    ]);
  };
  return {
    read: async (memberId: MemberId): Promise<void> => {
      if (wanted === memberId) return;
      turnTo(memberId);
      await readAll(memberId);
    },
    readDetails,
    readMoreReceipts: (memberId: MemberId) => ofWanted(memberId, receipts.more),
    readOlder: (memberId: MemberId) => ofWanted(memberId, older.more),
    rereadOlder: (memberId: MemberId) => ofWanted(memberId, older.again),
    refresh: async (): Promise<void> => {
      const { aside } = get();
      if (wanted === null) return;
      await readAll(wanted);
      if (aside?.consents != null) await readDetails(aside.memberId);
    },
    leave: () => turnTo(null),
  };
}

/** What is known beside a member's cards, and her history as a file. */
export const createAsideStore = ({ core, saveStream }: { core: CoreClient; saveStream: SaveStream }) =>
  createStore<AsideState>()((set, get) => ({
    aside: null,
    older: null,
    exporting: { status: 'idle' },
    asking: null,
    ...createReader({ core, get, set }),
    ...createHistoryFile({ core, get, set, saveStream }),
  }));
export type AsideStore = ReturnType<typeof createAsideStore>;
