import type { ReplicaDb } from '../../db/replica/types.ts';
import type { StoredOp } from '../../db/till/types.ts';
import { nextBusinessDay } from '../../sync/base/business-day.ts';
import { attributesOf, isBuiltInGuarded, type Attribute } from '../../sync/model/attributes.ts';
import type { CardType, Chain, DocumentKind, Staff, Store } from '../../sync/model/chain.ts';
import type { Person } from '../contract/views.ts';
import { layDocuments, type LaidDocument } from './documents.ts';
import type { TillSettings } from './till-settings.ts';

type OfKind<Kind extends DocumentKind> = Extract<LaidDocument, { kind: Kind }>;

/**
 * The chain's documents as this till holds them, read once and again after each pull that brought some: they
 * are needed for every card on the screen and change a few times a year. A second copy lies in `till.db`:
 * while the replica is empty, because it was damaged and is fetched again, people can still sign in and
 * serve.
 */
export function createDirectory(
  replica: () => ReplicaDb,
  settings: Pick<TillSettings, 'enrolment' | 'documents' | 'setDocuments'>,
  /** Own ops about the chain that the copy may not hold yet. */
  openOps: () => readonly StoredOp[],
) {
  const { enrolment } = settings;
  let chain: Chain | null = null;
  let all: LaidDocument[] = [];
  const stores = new Map<string, Store>();
  const staff = new Map<string, Staff>();
  const cardTypes = new Map<string, CardType>();
  const reload = (): void => {
    chain = null;
    for (const map of [stores, staff, cardTypes]) map.clear();
    const confirmed = replica().documents();
    all = layDocuments(confirmed.length === 0 ? settings.documents() : confirmed, openOps());
    for (const document of all) {
      if (document.kind === 'chain') chain = document.body;
      else if (document.kind === 'store') stores.set(document.body.storeId, document.body);
      else if (document.kind === 'staff') staff.set(document.body.staffId, document.body);
      else if (document.kind === 'card-type') cardTypes.set(document.body.cardTypeId, document.body);
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
    /** Of one kind, own unsent versions on top. */
    documents: <Kind extends DocumentKind>(kind: Kind): OfKind<Kind>[] =>
      all.filter((each): each is OfKind<Kind> => each.kind === kind),
    hasPending: (): boolean => all.some(({ isPending }) => isPending),
    /** Built-ins and the chain's own, in the order of a form. */
    attributes: (): Attribute[] =>
      attributesOf(all.flatMap((each) => (each.kind === 'attribute' ? [each.body] : []))).filter(
        ({ of }) => of !== 'card',
      ),
    /** What the chain keeps of each card beside its number. */
    cardAttributes: (): Attribute[] =>
      attributesOf(all.flatMap((each) => (each.kind === 'attribute' ? [each.body] : []))).filter(
        ({ of }) => of === 'card',
      ),
    /** True for a custom value that only a supervisor sets. */
    isGuarded: (attributeId: string): boolean => {
      const own = all.find(({ kind, id }) => kind === 'attribute' && id === attributeId);
      return own?.kind === 'attribute' ? own.body.isSensitive : isBuiltInGuarded(attributeId);
    },
    people: (): Person[] =>
      [...staff.values()]
        .filter((person) => !person.isGone)
        .map((person) => ({
          ...toPerson(person),
          ...(person.storeId !== undefined && { worksHere: person.storeId === enrolment()?.storeId }),
        })),
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
