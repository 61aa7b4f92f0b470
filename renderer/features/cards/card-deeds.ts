import type { CoreClient } from '../../../electron/contract/index.ts';
import type { CardListRow } from '../../../electron/contract/card-list.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { changeOf, NO_CARD_DATA, type CardDataDraft } from '../../parts/card-data-draft.ts';

/** What a row offers beside opening its member. */
export type CardDeed = 'coupon' | 'reward' | 'replace' | 'report-lost' | 'close' | 'data';

export interface DeedForm {
  readonly deed: CardDeed;
  readonly opId: ReturnType<typeof newOpId>;
  readonly reason: string;
  readonly cardNumber: string;
  /** A coupon's card type, or a reward's id. */
  readonly picked: string;
  /** Card data as typed. */
  readonly data: CardDataDraft;
  /** Somebody tried to save it: what can not be kept is marked from now on. */
  readonly isSaying: boolean;
}
export type DeedChange = Partial<Omit<DeedForm, 'deed' | 'opId'>>;

export const openForm = (deed: CardDeed, picked: string): DeedForm => ({
  ...{ deed, opId: newOpId(), reason: '', cardNumber: '', picked, data: NO_CARD_DATA, isSaying: false },
});

/** The call that a form amounts to. */
export function sendDeed(
  core: CoreClient,
  form: DeedForm,
  { card, memberId }: CardListRow,
): Promise<unknown> {
  const { opId, reason, picked } = form;
  const { cardId } = card;
  const plain = form.cardNumber.replace(/[\s-]/g, '');
  switch (form.deed) {
    case 'replace':
      return core['cards.replace']({ opId, cardId, reason, cardNumber: plain === '' ? null : plain });
    case 'report-lost':
      return core['cards.reportLost']({ opId, cardId, reason });
    case 'close':
      return core['cards.close']({ opId, cardId, reason });
    case 'reward':
      return core['rewards.redeem']({ opId, cardId, rewardId: picked });
    case 'data':
      return core['cards.setData']({
        ...{ opId, cardId, custom: {}, isInstalled: null },
        ...changeOf(form.data, card),
      });
    case 'coupon':
      // Cast: the form offers the till's own card types only.
      return core['cards.issue']({
        opId,
        memberId,
        cardTypeId: picked as CardListRow['card']['cardTypeId'],
        cardNumber: null,
      });
  }
}
