import type { CardType } from '../../sync/model/chain.ts';
import { rulesOn } from '../../sync/programmes/card-rules.ts';
import type { Directory } from './directory.ts';

/** Finds a card type as its version of `day` says: what the till works with, never the newest document as such. */
export const cardTypesOn =
  ({ directory }: { directory: Pick<Directory, 'cardType'> }, day: string) =>
  (cardTypeId: string): CardType | undefined => {
    const type = directory.cardType(cardTypeId);
    return type === undefined ? undefined : rulesOn(type, day);
  };
