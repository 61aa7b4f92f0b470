import { createStore } from 'zustand/vanilla';
import type { NobodysKind, ScanResult } from '../../electron/contract/events.ts';
import type { MemberView } from '../../electron/contract/views.ts';
import type { LateDeed } from '../features/members/member-state.ts';
import type { Failure } from '../lib/failure.ts';

/** Pages of the manager's desk: each is a line of `rail-places.ts` and a case of `desk-screen.tsx`. */
export type DeskPlace =
  | 'imports'
  | 'segments'
  | 'cards'
  | 'programmes'
  | 'directory'
  | 'messages'
  | 'inbox'
  | 'close-day'
  | 'shop-day'
  | 'log'
  | 'scanners'
  | 'settings'
  | 'chain';
export type Place = 'home' | 'member' | 'enrol' | 'edit' | 'merge' | DeskPlace;

/** What a scan came to when it has no place to go by itself, and that somebody has joined. */
export type ScanNotice =
  | {
      readonly kind: 'unknown-card';
      readonly cardNumber: string;
      readonly isOwnStock: boolean;
      /** The centre is asked, or was, and knows nobody either. */
      readonly centre?: 'asking' | 'nobody';
    }
  /** A member's card while a form is open: the form stays, and she is one press away. */
  | { readonly kind: 'held'; readonly member: MemberView; readonly cardNumber: string }
  | { readonly kind: 'card-taken'; readonly cardNumber: string }
  | { readonly kind: 'filled'; readonly cardNumber: string }
  | { readonly kind: 'joined'; readonly name: string }
  /** Two profiles were said to be one person. */
  | { readonly kind: 'merged'; readonly stays: string; readonly goes: string }
  | { readonly kind: 'not-a-card'; readonly what: NobodysKind; readonly text: string }
  | { readonly kind: 'payment-card' | 'id-document' | 'bad-read' }
  /** A phone number of the form that is open. */
  | { readonly kind: 'filled-phone' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type Coupon = Extract<ScanResult, { kind: 'coupon' }>;

/** What failed after the cashier had gone on; of an enrolment there is no member yet. */
export type LateFailure =
  | LateDeed
  | (Omit<LateDeed, 'method'> & { readonly method: 'members.merge' })
  | (Omit<LateDeed, 'memberId' | 'method'> & { readonly memberId: null; readonly method: 'members.add' });

/** So many fit above a screen, the newest; the others wait behind them, and none is dropped. */
export const LATE_FAILURES_SHOWN = 4;

/** What of them stands above the screen, and how many more wait for an answer. */
export function foldLate(lateFailures: readonly LateFailure[]): {
  shown: readonly LateFailure[];
  more: number;
} {
  const shown = lateFailures.slice(-LATE_FAILURES_SHOWN);
  return { shown, more: lateFailures.length - shown.length };
}

export interface PlaceState {
  readonly place: Place;
  /** The page of the desk that a member was opened from, and where Esc on her page leads. */
  readonly backTo: DeskPlace | null;
  /** What a page was opened over, and where Esc on it leads; null for one that was chosen by itself. */
  readonly over: Readonly<Pick<PlaceState, 'place' | 'backTo'>> | null;
  readonly notice: ScanNotice | null;
  /** They stay until somebody has answered them, whatever is scanned meanwhile and whoever signs in. */
  readonly lateFailures: readonly LateFailure[];
  readonly isKeySheetOpen: boolean;
  /** The coupon in front of everything; null when there is none. */
  readonly coupon: Coupon | null;
  /** Scans so far: each puts away what lies over the screen. */
  readonly scanCount: number;
  go(place: Place): void;
  /** To the member's page, with a way back to the list that she was chosen from. */
  goFrom(backTo: DeskPlace): void;
  /** To a page over the one in front, which is gone back to as it is. */
  goOver(place: DeskPlace): void;
  say(notice: ScanNotice | null): void;
  sayLate(late: LateFailure): void;
  closeLate(late: LateFailure): void;
  showKeys(isOpen: boolean): void;
  showCoupon(coupon: Coupon | null): void;
  /** A scan has come: sheets close, and menus by `scanCount`. */
  makeWay(): void;
}

const isOfMember = (place: Place): boolean => place === 'member' || place === 'edit' || place === 'merge';

/** Which screen is in front, and what the last scan had to say. */
export const createPlaceStore = () =>
  createStore<PlaceState>()((set, get) => ({
    place: 'home',
    backTo: null,
    over: null,
    notice: null,
    lateFailures: [],
    isKeySheetOpen: false,
    coupon: null,
    scanCount: 0,
    go: (place) => set({ place, notice: null, over: null, backTo: isOfMember(place) ? get().backTo : null }),
    goFrom: (backTo) => set({ place: 'member', notice: null, over: null, backTo }),
    goOver: (place) => {
      const { place: here, backTo } = get();
      set({ place, notice: null, over: { place: here, backTo }, backTo: null });
    },
    say: (notice) => set({ notice }),
    sayLate: (late) => set(({ lateFailures }) => ({ lateFailures: [...lateFailures, late] })),
    closeLate: (late) =>
      set(({ lateFailures }) => ({ lateFailures: lateFailures.filter((each) => each !== late) })),
    showKeys: (isKeySheetOpen) => set({ isKeySheetOpen }),
    showCoupon: (coupon) => set({ coupon }),
    makeWay: () => set({ isKeySheetOpen: false, coupon: null, scanCount: get().scanCount + 1 }),
  }));
