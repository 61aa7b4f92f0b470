import type { CoreClient } from '../../../electron/contract/index.ts';
import type { CardListRow } from '../../../electron/contract/card-list.ts';
import { newOpId } from '../../lib/new-op-id.ts';

/** What a row offers beside opening its member. */
export type CardDeed = 'coupon' | 'reward' | 'replace' | 'report-lost' | 'close' | 'data';

export interface DeedForm {
  readonly deed: CardDeed;
  readonly opId: ReturnType<typeof newOpId>;
  readonly reason: string;
  readonly cardNumber: string;
  /** A coupon's card type, or a reward's id. */
  readonly picked: string;
  /** Of the chain's own attributes of cards, as typed; '' for none. */
  readonly values: Readonly<Record<string, string>>;
  readonly isInstalled: boolean;
}
export type DeedChange = Partial<Omit<DeedForm, 'deed' | 'opId'>>;

/** The form of a deed. Card data begin as the card has them. */
export const openForm = (deed: CardDeed, picked: string, row: CardListRow | null): DeedForm => ({
  ...{ deed, opId: newOpId(), reason: '', cardNumber: '', picked },
  values: row?.card.custom ?? {},
  isInstalled: row?.card.isInstalled ?? false,
});

/** Only what was changed: a masked value that nobody touched must not be saved as it looks. */
function changedValues({ values }: DeedForm, { custom }: CardListRow['card']): Record<string, string | null> {
  const changed = Object.entries(values).filter(([id, value]) => value.trim() !== (custom[id] ?? ''));
  return Object.fromEntries(changed.map(([id, value]) => [id, value.trim() === '' ? null : value.trim()]));
}

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
    case 'data': {
      const isInstalled = form.isInstalled === card.isInstalled ? null : form.isInstalled;
      return core['cards.setData']({ opId, cardId, custom: changedValues(form, card), isInstalled });
    }
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
