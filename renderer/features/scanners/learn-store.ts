import { createStore } from 'zustand/vanilla';
import { LEARN_SCANS, type Learned } from '../../../electron/contract/devices.ts';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { KNOWN_TEXT } from '../../lib/known-code.ts';
import {
  learnKeys,
  readSample,
  type KeySample,
  type LearnedKeys,
  type TypedKey,
} from '../../lib/learn-keys.ts';

/** A scan of keys is over after so long a silence: more than the longest pause inside one. */
export const KEYS_SILENCE_MS = 600;
/** Fewer keys are a person's, on her way to a button. */
const KEYS_MIN = 4;
/** More are no scan of the code that is shown, and none of them is kept. */
const KEYS_MAX = 200;

export type Learning =
  | { readonly status: 'off' }
  | { readonly status: 'failed'; readonly deviceId: string; readonly failure: Failure | null }
  /** The core listens at a device; `learned` is how far it is. */
  | { readonly status: 'device'; readonly deviceId: string; readonly learned: Learned | null }
  | {
      readonly status: 'keys';
      readonly samples: readonly KeySample[];
      /** The last burst was not the code that is shown, or the scans differ. */
      readonly problem: 'wrong' | 'differ' | null;
      readonly found: LearnedKeys | null;
    };

export interface LearnState {
  readonly learning: Learning;
  startDevice(deviceId: string): Promise<void>;
  startKeys(): void;
  hear(learned: Learned): void;
  /** Every key of the page; true keeps it from everybody else. */
  tap(key: TypedKey): boolean;
  stop(): void;
  /** Another core runs now, which knows of no lesson. */
  coreBegan(): void;
}

export interface LearnStoreOptions {
  readonly core: CoreClient;
  /** Told once for each scan: the tone of the till. */
  readonly onScan: (isGood: boolean) => void;
  /** Runs `act` once after `delayMs`; the answer stops it. */
  readonly schedule: (act: () => void, delayMs: number) => () => void;
}

/** Keys that move about and leave a screen, while no scan is under way. */
const isMove = ({ key }: TypedKey): boolean => /^(?:Tab|Enter|Escape| |Arrow\w+|Shift|F1)$/.test(key);

const START: Learning = { status: 'keys', samples: [], problem: null, found: null };

/** The keys of one scan, which a silence ends. */
function createBurst(schedule: LearnStoreOptions['schedule'], onEnd: (keys: readonly TypedKey[]) => void) {
  let keys: TypedKey[] = [];
  let stopTimer = (): void => undefined;
  const end = (): void => {
    const whole = keys;
    // Whatever it was: no key of it is kept.
    keys = [];
    if (whole.length >= KEYS_MIN) onEnd(whole);
  };
  return {
    /** False: it begins no scan. */
    add: (key: TypedKey): boolean => {
      if (keys.length === 0 && (isMove(key) || key.isRepeat)) return false;
      stopTimer();
      if (keys.length < KEYS_MAX) keys.push(key);
      stopTimer = schedule(end, KEYS_SILENCE_MS);
      return true;
    },
    forget: (): void => {
      stopTimer();
      keys = [];
    },
  };
}

/** Three scans of a code that the page shows, until it is known how a scanner speaks. */
export const createLearnStore = ({ core, onScan, schedule }: LearnStoreOptions) =>
  createStore<LearnState>()((set, get) => {
    let lesson = 0;

    const takeSample = (sample: KeySample | null): void => {
      const { learning } = get();
      if (learning.status !== 'keys' || learning.found !== null) return;
      onScan(sample !== null);
      if (sample === null) return set({ learning: { ...learning, problem: 'wrong' } });
      const samples = [...learning.samples, sample];
      if (samples.length < LEARN_SCANS) return set({ learning: { ...learning, samples, problem: null } });
      const found = learnKeys(samples);
      set({
        learning: found ? { ...learning, samples, problem: null, found } : { ...START, problem: 'differ' },
      });
    };
    const burst = createBurst(schedule, (keys) => takeSample(readSample(keys)));

    return {
      learning: { status: 'off' },
      startDevice: async (deviceId) => {
        burst.forget();
        lesson += 1;
        const mine = lesson;
        // Who has started another one since, or stopped, is not told of this one.
        const fail = (failure: Failure | null): void => {
          if (mine === lesson) set({ learning: { status: 'failed', deviceId, failure } });
        };
        set({ learning: { status: 'device', deviceId, learned: null } });
        try {
          const { isStarted } = await core['devices.learn.start']({ deviceId, text: KNOWN_TEXT });
          if (!isStarted) fail(null);
        } catch (cause) {
          fail(failureOf(cause));
        }
      },
      startKeys: () => {
        burst.forget();
        lesson += 1;
        set({ learning: START });
      },
      hear: (learned) => {
        const { learning } = get();
        if (learning.status !== 'device' || learning.deviceId !== learned.deviceId) return;
        if (learned.state === 'heard' || learned.state === 'done') onScan(true);
        if (learned.state === 'wrong' || learned.state === 'failed') onScan(false);
        set({ learning: { ...learning, learned } });
      },
      tap: (key) => {
        const { learning } = get();
        if (learning.status !== 'keys' || learning.found !== null) return false;
        return burst.add(key);
      },
      stop: () => {
        const { learning } = get();
        burst.forget();
        lesson += 1;
        set({ learning: { status: 'off' } });
        // Also without an answer the core stops by itself.
        if (learning.status === 'device') core['devices.learn.stop']({}).catch(() => undefined);
      },
      coreBegan: () => {
        const { learning } = get();
        if (learning.status !== 'device') return;
        lesson += 1;
        set({ learning: { status: 'failed', deviceId: learning.deviceId, failure: null } });
      },
    };
  });
export type LearnStore = ReturnType<typeof createLearnStore>;
