import type { ReplicaDb } from '../../db/replica/types.ts';
import { nextBusinessDay } from '../../sync/base/business-day.ts';
import type { CardType, Chain, Staff, Store } from '../../sync/model/chain.ts';
import type { Person } from '../contract/views.ts';
import type { TillSettings } from './till-settings.ts';

/**
 * The chain's documents as this till holds them, read once and again after each pull that brought some: they
 * are needed for every card on the screen and change a few times a year. A second copy lies in `till.db`:
 * while the replica is empty, because it was damaged and is fetched again, people can still sign in and
 * serve.
 */
export function createDirectory(
  replica: () => ReplicaDb,
  settings: Pick<TillSettings, 'enrolment' | 'documents' | 'setDocuments'>,
) {
  const { enrolment } = settings;
  let chain: Chain | null = null;
  const stores = new Map<string, Store>();
  const staff = new Map<string, Staff>();
  const cardTypes = new Map<string, CardType>();
  const reload = (): void => {
    chain = null;
    for (const map of [stores, staff, cardTypes]) map.clear();
    const confirmed = replica().documents();
    for (const document of confirmed.length === 0 ? settings.documents() : confirmed) {
      if (document.kind === 'chain') chain = document.body;
      else if (document.kind === 'store') stores.set(document.body.storeId, document.body);
      else if (document.kind === 'staff') staff.set(document.body.staffId, document.body);
      else cardTypes.set(document.body.cardTypeId, document.body);
    }
  };
  reload();
  return {
    reload,
    /** Keeps the second copy; after each pull that brought documents, and not while the first has none. */
    keep: (): void => {
      const confirmed = replica().documents();
      if (confirmed.length > 0) settings.setDocuments(confirmed);
    },
    chain: (): Chain | null => chain ?? enrolment()?.chain ?? null,
    store: (storeId: string) => stores.get(storeId),
    staff: (staffId: string) => staff.get(staffId),
    staffByLogin: (login: string) =>
      [...staff.values()].find((person) => person.login === login && !person.isGone),
    cardType: (cardTypeId: string) => cardTypes.get(cardTypeId),
    cardTypes: () => [...cardTypes.values()],
    people: (): Person[] => [...staff.values()].filter((person) => !person.isGone).map(toPerson),
    /** Where phones without a `+` belong. */
    country: (): string => chain?.country ?? enrolment()?.chain.country ?? 'SG',
    /** The day that an op of now belongs to; never before `lastDay`. */
    businessDay: (wallMs: number, lastDay: string | null): string => {
      const store = stores.get(enrolment()?.storeId ?? '');
      return nextBusinessDay(lastDay, wallMs, store ?? NO_STORE);
    },
  };
}
export type Directory = ReturnType<typeof createDirectory>;

/** Until the store's document has arrived. */
const NO_STORE = { timeZone: 'UTC', cutOffHour: 4 };

export const toPerson = ({ staffId, login, name, role }: Staff): Person => ({ staffId, login, name, role });
