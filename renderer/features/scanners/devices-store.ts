import { createStore } from 'zustand/vanilla';
import type { DevicesView, ScanRules, Tone } from '../../../electron/contract/devices.ts';
import type { CoreClient, Input } from '../../../electron/contract/index.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';

export type Doing =
  | { readonly status: 'idle' | 'busy' }
  /** A tone was asked for, of the device or of nobody. */
  | { readonly status: 'sounded'; readonly isAsked: boolean }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface DevicesState {
  /** Null until it was read. */
  readonly view: DevicesView | null;
  /** How keys and codes are told apart here; null until it was read. */
  readonly rules: ScanRules | null;
  /** What is in front of the doctor: a device, or the scanners that type. */
  readonly chosenId: string | null;
  readonly doing: Doing;
  /** As text for support; null while it is not shown. */
  readonly diagnosis: string | null;
  /** `rules` alone costs nothing; a look at the devices asks the whole bus. */
  refresh(what: 'all' | 'rules'): Promise<void>;
  hear(view: DevicesView): void;
  hearRules(rules: ScanRules): void;
  choose(deviceId: string | null): void;
  assign(change: Input<'devices.assign'>): Promise<boolean>;
  forget(deviceId: string): Promise<boolean>;
  identify(): Promise<boolean>;
  sound(deviceId: string, tone: Tone): Promise<void>;
  saveWedge(wedge: ScanRules['wedge']): Promise<boolean>;
  diagnose(): Promise<void>;
  closeDiagnosis(): void;
  /** The screen is left: nothing of it stays open. */
  leave(): void;
}

export const createDevicesStore = (core: CoreClient) =>
  createStore<DevicesState>()((set, get) => {
    let latest = 0;
    /** True when it went well; what went wrong is on the screen. */
    const run = async (act: () => Promise<unknown>): Promise<boolean> => {
      if (get().doing.status === 'busy') return false;
      set({ doing: { status: 'busy' } });
      try {
        await act();
        if (get().doing.status === 'busy') set({ doing: { status: 'idle' } });
        return true;
      } catch (cause) {
        set({ doing: { status: 'failed', failure: failureOf(cause) } });
        return false;
      }
    };
    const hear = (view: DevicesView): void => {
      latest += 1;
      set({ view });
    };
    /** The same rules stay the same object: the listener for typed scans begins anew with others. */
    const hearRules = (rules: ScanRules): void => {
      if (JSON.stringify(rules) !== JSON.stringify(get().rules)) set({ rules });
    };
    return {
      view: null,
      rules: null,
      chosenId: null,
      doing: { status: 'idle' },
      diagnosis: null,
      refresh: async (what) => {
        latest += 1;
        const mine = latest;
        const [view, rules] = await Promise.all([
          what === 'all' ? core['devices.list']({}).catch(() => null) : null,
          core['devices.getRules']({}).catch(() => null),
        ]);
        if (rules !== null) hearRules(rules);
        // What was told meanwhile is newer than this answer.
        if (view !== null && mine === latest) set({ view });
      },
      hear,
      hearRules,
      choose: (chosenId) => set({ chosenId, doing: { status: 'idle' } }),
      assign: (change) => run(async () => hear(await core['devices.assign'](change))),
      forget: (deviceId) => run(async () => hear(await core['devices.forget']({ deviceId }))),
      identify: () => run(async () => hear(await core['devices.identify']({}))),
      sound: async (deviceId, tone) => {
        await run(async () => {
          const { isAsked } = await core['devices.tone']({ deviceId, tone });
          set({ doing: { status: 'sounded', isAsked } });
        });
      },
      saveWedge: async (wedge) => {
        const { rules } = get();
        if (rules === null) return false;
        return run(async () => hearRules(await core['devices.setRules']({ ...rules, wedge })));
      },
      diagnose: async () => {
        await run(async () => {
          const diagnosis = await core['devices.diagnosis']({});
          set({ diagnosis: JSON.stringify(diagnosis, null, 2) });
        });
      },
      closeDiagnosis: () => set({ diagnosis: null }),
      leave: () => set({ chosenId: null, doing: { status: 'idle' }, diagnosis: null }),
    };
  });
export type DevicesStore = ReturnType<typeof createDevicesStore>;
