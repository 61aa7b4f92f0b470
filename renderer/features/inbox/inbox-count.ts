import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';

/** The centre is asked so often at most, however much goes on here. */
const PAUSE_MS = 30_000;

export interface InboxCountState {
  /** As the centre told it last; null before it did. */
  readonly open: number | null;
  /** Asks the centre, unless it was asked just now. What fails leaves the number as it was. */
  refresh(): Promise<void>;
  /** Somebody has read the list itself. */
  hear(open: number): void;
  /** Whoever was signed in has gone. */
  forget(): void;
}

/** How much waits for a manager, for the name of the inbox wherever it stands. */
export const createInboxCountStore = (core: CoreClient, nowMs: () => number) =>
  createStore<InboxCountState>()((set) => {
    let [latest, askedAtMs] = [0, -PAUSE_MS];
    return {
      open: null,
      refresh: async () => {
        if (nowMs() - askedAtMs < PAUSE_MS) return;
        askedAtMs = nowMs();
        latest += 1;
        const mine = latest;
        const reply = await core['inbox.count']({}).catch(() => null);
        if (mine === latest && reply !== null && reply.open !== null) set({ open: reply.open });
      },
      hear: (open) => {
        // An answer that is under way tells of before.
        latest += 1;
        set({ open });
      },
      forget: () => {
        latest += 1;
        askedAtMs = -PAUSE_MS;
        set({ open: null });
      },
    };
  });
