import type { ScanResult } from '../../electron/contract/events.ts';
import type { MemberHit, MemberView } from '../../electron/contract/views.ts';
import type { Place, ScanNotice } from './place-store.ts';

export interface ScanScene {
  readonly isSignedIn: boolean;
  readonly place: Place;
  /** A form on the member page asks for a card's number. */
  readonly panelTakesCard: boolean;
}

export type ScanDeed =
  | { readonly do: 'show'; readonly member: MemberView; readonly cardNumber: string }
  | { readonly do: 'choose'; readonly text: string; readonly members: readonly MemberHit[] }
  | { readonly do: 'search'; readonly text: string }
  /** Nobody has signed in yet. */
  | { readonly do: 'wait' }
  | { readonly do: 'fill-enrolment' | 'fill-panel'; readonly cardNumber: string }
  | { readonly do: 'say'; readonly notice: ScanNotice; readonly isGood: boolean };

const refuse = (notice: ScanNotice): ScanDeed => ({ do: 'say', notice, isGood: false });

/**
 * Where a scan goes. Its meaning comes first, wherever the focus is; but a form that is open takes what it can use, and
 * what was typed into it is never lost: a member scanned meanwhile is offered, not shown.
 */
export function routeScan(result: ScanResult, scene: ScanScene): ScanDeed {
  const isRefused = result.kind === 'payment-card' || result.kind === 'bad-read';
  if (result.kind === 'waiting' || (!scene.isSignedIn && !isRefused)) return { do: 'wait' };
  const isFormOpen = scene.place === 'enrol' || scene.place === 'edit';
  switch (result.kind) {
    case 'member': {
      const { member, cardNumber } = result;
      if (scene.panelTakesCard) return refuse({ kind: 'card-taken', cardNumber });
      if (!isFormOpen) return { do: 'show', member, cardNumber };
      return { do: 'say', notice: { kind: 'held', member, cardNumber }, isGood: true };
    }
    case 'unknown-card': {
      const { cardNumber } = result;
      if (scene.place === 'enrol') return { do: 'fill-enrolment', cardNumber };
      if (scene.panelTakesCard) return { do: 'fill-panel', cardNumber };
      return { do: 'say', notice: result, isGood: result.isOwnStock };
    }
    case 'choice':
      return { do: 'choose', text: result.text, members: result.members };
    case 'not-a-card':
      return isFormOpen ? refuse(result) : { do: 'search', text: result.text };
    case 'payment-card':
    case 'bad-read':
      return refuse({ kind: result.kind });
  }
}
