import { createStore } from 'zustand/vanilla';
import type { ScanResult } from '../../electron/contract/events.ts';
import type { Input } from '../../electron/contract/index.ts';

/** Enough to choose a name and enter a PIN; later the customer has scanned again, or gone. */
export const SCAN_WAIT_MS = 30_000;

export type WaitingScan =
  /** Read by the page itself: not looked up, since nobody may yet. */
  | { readonly kind: 'text'; readonly scan: Input<'scans.resolve'> }
  /** Told by the core while this page was still learning that somebody has signed in. */
  | { readonly kind: 'result'; readonly result: ScanResult };

export interface WaitingScanState {
  readonly waiting: WaitingScan | null;
  /** Keeps the newest one, `SCAN_WAIT_MS` at most. */
  keep(scan: WaitingScan): void;
  /** Hands it over, once. */
  take(): WaitingScan | null;
}

/** The scan that came before anybody had signed in. */
export const createWaitingScanStore = () =>
  createStore<WaitingScanState>()((set, get) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const put = (waiting: WaitingScan | null): void => {
      clearTimeout(timer);
      set({ waiting });
    };
    return {
      waiting: null,
      keep: (scan) => {
        put(scan);
        timer = setTimeout(() => put(null), SCAN_WAIT_MS);
      },
      take: () => {
        const { waiting } = get();
        put(null);
        return waiting;
      },
    };
  });
