import type { NobodysKind, ScanResult } from '../../electron/contract/events.ts';
import type { MemberHit, MemberView } from '../../electron/contract/views.ts';
import type { Coupon, Place, ScanNotice } from './place-store.ts';

export interface ScanScene {
  readonly isSignedIn: boolean;
  readonly place: Place;
  /** A form on the member page asks for a card's number. */
  readonly panelTakesCard: boolean;
  /** The screen in front holds something that somebody has typed. */
  readonly holdsTyping: boolean;
}

/** `none`: a line is enough, nobody has to look up. */
export type Tone = 'good' | 'bad' | 'none';

export type ScanDeed =
  | { readonly do: 'show'; readonly member: MemberView; readonly cardNumber: string }
  | { readonly do: 'choose'; readonly text: string; readonly members: readonly MemberHit[] }
  | { readonly do: 'show-coupon'; readonly coupon: Coupon }
  /** Nobody has signed in yet. */
  | { readonly do: 'wait' }
  | { readonly do: 'fill-enrolment' | 'fill-panel'; readonly cardNumber: string }
  | { readonly do: 'fill-phone'; readonly phone: string }
  | { readonly do: 'say'; readonly notice: ScanNotice; readonly tone: Tone };

const refuse = (notice: ScanNotice): ScanDeed => ({ do: 'say', notice, tone: 'bad' });

/** The customer holds it for hers: she hears that it is not. A product among the shopping is only a line. */
const PERSONAL: ReadonlySet<NobodysKind> = new Set(['phone', 'wallet', 'member-card']);

/** The doctor is where scanners are tried: the screen would go away under her hands. */
const STAYS: ReadonlySet<Place> = new Set(['enrol', 'edit', 'scanners']);

/**
 * Where a scan goes. Its meaning comes first, wherever the focus is; but a form that is open takes what it can use.
 * Whatever somebody has typed into stays in front, and so do enrolment and editing: the member is offered, not shown.
 */
export function routeScan(result: ScanResult, scene: ScanScene): ScanDeed {
  const isRefused =
    result.kind === 'payment-card' || result.kind === 'id-document' || result.kind === 'bad-read';
  if (result.kind === 'waiting' || (!scene.isSignedIn && !isRefused)) return { do: 'wait' };
  switch (result.kind) {
    case 'member': {
      const { member, cardNumber } = result;
      if (scene.panelTakesCard && cardNumber !== '') return refuse({ kind: 'card-taken', cardNumber });
      const stays = STAYS.has(scene.place) || scene.holdsTyping;
      if (!stays) return { do: 'show', member, cardNumber };
      return { do: 'say', notice: { kind: 'held', member, cardNumber }, tone: 'good' };
    }
    case 'unknown-card': {
      const { cardNumber } = result;
      if (scene.place === 'enrol') return { do: 'fill-enrolment', cardNumber };
      if (scene.panelTakesCard) return { do: 'fill-panel', cardNumber };
      return { do: 'say', notice: result, tone: result.isOwnStock ? 'good' : 'bad' };
    }
    case 'choice':
      return { do: 'choose', text: result.text, members: result.members };
    case 'coupon':
      return { do: 'show-coupon', coupon: result };
    case 'not-a-card':
      if (result.what === 'phone' && scene.place === 'enrol') return { do: 'fill-phone', phone: result.text };
      return { do: 'say', notice: result, tone: PERSONAL.has(result.what) ? 'bad' : 'none' };
    case 'payment-card':
    case 'id-document':
    case 'bad-read':
      return refuse({ kind: result.kind });
  }
}

/** What the till sounds: whatever is not a refusal has gone where it belongs. */
export const toneOf = (deed: ScanDeed): Tone => (deed.do === 'say' ? deed.tone : 'good');
