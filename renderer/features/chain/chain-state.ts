import type { Output } from '../../../electron/contract/index.ts';
import { Chain, Staff, Store } from '../../../sync/model/chain.ts';
import type { Failure } from '../../lib/failure.ts';
import type { ChainDraft, ChainField, ChainPart, Problems } from './drafts.ts';
import type { DraftScene } from './read-draft.ts';

export type Deed =
  | { readonly status: 'idle' | 'busy' }
  | { readonly status: 'saved'; readonly name: string }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface ChainState {
  readonly part: ChainPart;
  readonly people: readonly Staff[];
  readonly shops: readonly Store[];
  readonly chain: Chain | null;
  /** Ids of what the centre has not confirmed yet. */
  readonly unsent: ReadonlySet<string>;
  readonly find: string;
  readonly draft: ChainDraft | null;
  /** The form as it was opened: what differs would be lost. */
  readonly opened: ChainDraft | null;
  readonly problems: Problems;
  readonly deed: Deed;
  open(scene: DraftScene): Promise<void>;
  refresh(): Promise<void>;
  turnTo(part: ChainPart): void;
  typeFind(text: string): void;
  /** One of the list in front; null for a new one. */
  choose(id: string | null): void;
  type(field: ChainField, text: string): void;
  turn(isOn: boolean): void;
  takeUsualLimits(): void;
  /** The form as it was opened; of a new one the empty form. */
  discard(): void;
  save(): Promise<void>;
  /** The page is left for another: PINs go, all else that was typed waits. */
  dropPins(): void;
  leave(): void;
}

export const IDLE: Deed = { status: 'idle' };
export const EMPTY = {
  ...{ part: 'people' as ChainPart, people: [], shops: [], chain: null, unsent: new Set<string>(), find: '' },
  ...{ draft: null, opened: null, problems: {}, deed: IDLE },
};

const byName = <One extends { readonly name: string }>(all: readonly One[]): One[] =>
  all.toSorted((left, right) => left.name.localeCompare(right.name));

type Documents = Output<'documents.list'>;

export type Lists = Pick<ChainState, 'people' | 'shops' | 'chain'>;

/** Who is there first, then who has left; each in the order of names. */
export function toLists([staff, stores, chains]: readonly [Documents, Documents, Documents]) {
  const people = byName(staff.map(({ body }) => Staff.parse(body)));
  const shops = byName(stores.map(({ body }) => Store.parse(body)));
  const [chain] = chains.map(({ body }) => Chain.parse(body));
  const pending = [...staff, ...stores, ...chains].filter(({ isPending }) => isPending);
  return {
    people: [...people.filter(({ isGone }) => !isGone), ...people.filter(({ isGone }) => isGone)],
    shops: [
      ...shops.filter(({ isRetired }) => isRetired !== true),
      ...shops.filter(({ isRetired }) => isRetired === true),
    ],
    chain: chain ?? null,
    unsent: new Set(pending.map(({ id }) => id)),
  };
}
