import type { CoreClient } from '../../../electron/contract/index.ts';
import type { ShopTill } from '../../../electron/contract/shop-day.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

/** A till that a manager is about to give up. */
export interface Losing {
  readonly till: ShopTill;
  readonly pin: string;
  readonly isBusy: boolean;
  /** Why the centre did not do it. */
  readonly failure: Failure | null;
}

export interface LosingPart {
  /** The till that she is asked about; null: none. */
  readonly losing: Losing | null;
  startLosing(till: ShopTill): void;
  typePin(pin: string): void;
  /** Tells the centre, and reads the day again once it has answered. */
  reportLost(): Promise<void>;
  cancelLosing(): void;
}

interface Of {
  set(part: Pick<LosingPart, 'losing'>): void;
  get(): LosingPart;
  reread(): Promise<void>;
}

export function losingPart(core: CoreClient, { set, get, reread }: Of): LosingPart {
  return {
    losing: null,
    startLosing: (till) => set({ losing: { till, pin: '', isBusy: false, failure: null } }),
    typePin: (pin) => {
      const { losing } = get();
      if (losing !== null) set({ losing: { ...losing, pin } });
    },
    reportLost: async () => {
      const { losing } = get();
      if (losing === null || losing.isBusy || losing.pin === '') return;
      const { till, pin } = losing;
      set({ losing: { ...losing, isBusy: true, failure: null } });
      const failure = await core['tills.reportLost']({ tillId: till.tillId, pin }).then(
        () => null,
        failureOf,
      );
      // She may have closed it meanwhile; the list says what came of it.
      if (get().losing?.till === till)
        set({ losing: failure === null ? null : { till, pin: '', isBusy: false, failure } });
      await reread();
    },
    cancelLosing: () => set({ losing: null }),
  };
}
