import type { StoreApi } from 'zustand/vanilla';
import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import type { RevealReason } from '../../../electron/contract/members.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import type { CardAction, CardView, EntryView, MemberView } from '../../../electron/contract/views.ts';
import type { Failure } from '../../lib/failure.ts';
import type { CardDataDraft } from '../../parts/card-data-draft.ts';
import type { DeedMethod, Intent, IntentCall } from './intent.ts';
import type { Counter, Panel, PanelKind, PanelSubject, PanelText } from './panel.ts';

export type MemberId = MemberView['memberId'];
export type CardId = CardView['cardId'];

export const UNDO_MS = 10_000;
export type Shown =
  | { readonly status: 'none' }
  | { readonly status: 'loading'; readonly memberId: MemberId }
  | { readonly status: 'failed'; readonly memberId: MemberId; readonly failure: Failure }
  | { readonly status: 'shown'; readonly member: MemberView };

export type Act =
  | { readonly status: 'idle' }
  | { readonly status: 'busy'; readonly intent: Intent }
  | { readonly status: 'failed'; readonly intent: Intent; readonly failure: Failure }
  /** `undoUntilMs` is 0 for what has no counter-entry. */
  | {
      readonly status: 'done';
      readonly intent: Intent;
      readonly opId: EntryView['opId'];
      readonly undoUntilMs: number;
    };

export type Preview =
  | { readonly kind: 'leave'; readonly removal: Output<'members.previewRemoval'> }
  | { readonly kind: 'edit'; readonly edit: Output<'purchases.previewEdit'> }
  | {
      readonly kind: 'receipt';
      readonly booked: Output<'receipts.previewTakeBack'>['booked'];
      /** What is countered with it: those that can be, each by an op named before the first try. */
      readonly counters: readonly Counter[];
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What is known of the person beside her cards, and what of it can be filled in. */
export type About =
  | { readonly status: 'closed' }
  | {
      readonly status: 'open';
      readonly attributes: Output<'attributes.list'>;
      readonly groups: Output<'documents.list'>;
      readonly stores: Output<'documents.list'>;
    };

export interface MemberState {
  readonly shown: Shown;
  /** The card in front. */
  readonly cardId: CardId | null;
  readonly act: Act;
  readonly panel: Panel | null;
  /** What the open form would do, as the core reckons it; null where there is nothing to say, or not yet. */
  readonly preview: Preview | null;
  readonly about: About;
  /** Scans that led here, counted: each new one is a new painting to be timed. */
  readonly scanCount: number;
  open(memberId: MemberId, cardId?: CardId | null): Promise<void>;
  show(member: MemberView, cardNumber: string | null, isScan: boolean): void;
  reread(changed: readonly MemberId[] | null): Promise<void>;
  /** Shows her whole, for that reason; null when done. */
  reveal(reason: RevealReason): Promise<Failure | null>;
  close(): void;
  choose(step: CardId | 'next' | 'previous'): void;
  run(call: IntentCall): Promise<boolean>;
  submit(call: IntentCall): Promise<boolean>;
  /** Asks again what the open form would do: the first answer failed, or things have changed. */
  look(): void;
  retry(): Promise<boolean>;
  dismiss(): void;
  openPanel(kind: PanelKind, subject?: PanelSubject): void;
  setPanel(field: PanelText, value: string): void;
  setCardData(change: Partial<CardDataDraft>): void;
  /** The page is left: what was typed waits, a second person's PIN does not. */
  dropPins(): void;
  toggleAbout(): void;
}

/** Something that was refused, or got no answer, when its member was no longer on the screen. */
export interface LateDeed {
  readonly memberId: MemberId;
  readonly name: string;
  readonly method: DeedMethod;
  readonly failure: Failure;
}

export interface MemberStoreOptions {
  readonly core: CoreClient;
  readonly nowMs: () => number;
  /** The card type that an issue form begins with; '' when there is none. */
  readonly typeToIssue: (member: MemberView) => string;
  readonly chain: () => TillView['chain'];
  /** Told once for each act: the tone of the till. */
  readonly onOutcome: (isGood: boolean) => void;
  /** The member's page is what the cashier sees. */
  readonly isInFront: () => boolean;
  /** Failed where nobody sees it any more. */
  readonly onLate: (late: LateDeed) => void;
}
export type MemberParts = Pick<StoreApi<MemberState>, 'getState' | 'setState'>;

const MAIN_ACTIONS: ReadonlySet<CardAction> = new Set([
  'stamp',
  'credit',
  'visit',
  'top-up',
  'spend',
  'redeem',
] as const);
const isUsable = ({ status }: CardView): boolean => status === 'active';
/** Coupons and discounts are shown more than pressed. */
const isWorked = (card: CardView): boolean =>
  isUsable(card) && card.kind !== 'discount' && card.kind !== 'coupon';
const isActing = (card: CardView): boolean =>
  isUsable(card) && card.kind !== 'discount' && card.actions.some((action) => MAIN_ACTIONS.has(action));
/** The card that stays in front: the same if it is still there, else the first that a key can do something with. */
export const frontCard = (member: MemberView, wanted: CardId | null): CardId | null =>
  (
    member.cards.find(({ cardId }) => cardId === wanted) ??
    member.cards.find((card) => isWorked(card) && isActing(card)) ??
    member.cards.find(isActing) ??
    member.cards.find(isWorked) ??
    member.cards.find(isUsable) ??
    member.cards[0]
  )?.cardId ?? null;
