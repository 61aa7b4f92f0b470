import type { StoreApi } from 'zustand/vanilla';
import type { DocumentView } from '../../../electron/contract/documents.ts';
import { Chain, Staff, Store } from '../../../sync/model/chain.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { IDLE, type ChainState, type Lists } from './chain-state.ts';
import {
  carryOver,
  toPersonDraft,
  toRulesDraft,
  toShopDraft,
  withoutPins,
  type ChainDraft,
  type ChainPart,
} from './drafts.ts';
import type { DraftScene } from './read-draft.ts';

type Api = Pick<StoreApi<ChainState>, 'getState' | 'setState'>;

/** Half-typed, and not in front. */
interface Kept {
  readonly draft: ChainDraft;
  readonly opened: ChainDraft;
}
/** One new document of each part, and each that is there already. */
const keyOf = ({ part, id, known }: ChainDraft): string => (known === null ? part : `${part} ${id}`);

/** What was typed and left for another line or part, until it is saved or somebody signs out. Never a PIN. */
function createKept({ getState }: Api) {
  const kept = new Map<string, Kept>();
  const put = (draft: ChainDraft, opened: ChainDraft): void => {
    kept.delete(keyOf(opened));
    if (draft !== opened) kept.set(keyOf(opened), { draft, opened });
  };
  return {
    keep: (): void => {
      const { draft, opened } = getState();
      if (draft !== null && opened !== null) put(carryOver(withoutPins(draft), opened, opened), opened);
    },
    /** Of a document; of a new one without an id. */
    of: (part: ChainPart, id: string | null): Kept | undefined =>
      kept.get(id === null ? part : `${part} ${id}`),
    lastOf: (part: ChainPart): Kept | undefined =>
      [...kept.values()].findLast(({ draft }) => draft.part === part),
    settle: (saved: ChainDraft, next: ChainDraft): void => {
      const old = kept.get(keyOf(saved));
      if (old?.draft.id !== saved.id) return;
      kept.delete(keyOf(saved));
      put(carryOver(old.draft, withoutPins(saved), next), next);
    },
    forget: (): void => kept.clear(),
  };
}

/** The form in front, and the id of the press that saves it: another content is another intent. */
export function createForm({ getState, setState }: Api) {
  let scene: DraftScene = { decimals: 2, selfId: '' };
  let saveId = newOpId();
  const kept = createKept({ getState, setState });
  const newDraft = (): ChainDraft | null => {
    const { part, shops } = getState();
    if (part === 'people') return toPersonDraft(null);
    return part === 'shops' ? toShopDraft(null, shops[0]) : null;
  };
  /** Of a document that is there; null where it is not. */
  const draftOf = (id: string, { people, shops, chain }: Lists = getState()): ChainDraft | null => {
    const person = people.find(({ staffId }) => staffId === id);
    if (person !== undefined) return toPersonDraft(person);
    const shop = shops.find(({ storeId }) => storeId === id);
    if (shop !== undefined) return toShopDraft(shop, undefined);
    return id === 'chain' && chain !== null ? toRulesDraft(chain, scene.decimals) : null;
  };
  const renew = (): void => {
    saveId = newOpId();
  };
  const show = (opened: ChainDraft | null, draft = opened): void => {
    renew();
    setState({ draft, opened, problems: {}, deed: IDLE });
  };
  const showKept = (before: Kept | undefined, other: () => ChainDraft | null): void =>
    before === undefined ? show(other()) : show(before.opened, before.draft);
  return {
    draftOf,
    toDraft: ({ kind, body }: DocumentView): ChainDraft => {
      if (kind === 'staff') return toPersonDraft(Staff.parse(body));
      if (kind === 'store') return toShopDraft(Store.parse(body), undefined);
      return toRulesDraft(Chain.parse(body), scene.decimals);
    },
    scene: () => scene,
    setScene: (now: DraftScene): void => {
      scene = now;
    },
    saveId: () => saveId,
    renew,
    isUntouched: (): boolean => getState().draft === getState().opened,
    show,
    change: (draft: ChainDraft): void => {
      renew();
      setState({ draft, deed: IDLE });
    },
    choose: (id: string | null): void => {
      const { draft, part } = getState();
      const isInFront = draft !== null && (id === null ? draft.known === null : draft.id === id);
      if (isInFront) return;
      kept.keep();
      showKept(kept.of(part, id), () => (id === null ? newDraft() : draftOf(id)));
    },
    turnTo: (part: ChainPart): void => {
      if (part === getState().part) return;
      kept.keep();
      setState({ part });
      showKept(kept.lastOf(part), () => (part === 'rules' ? draftOf('chain') : null));
    },
    dropPins: (): void => {
      const { draft, opened } = getState();
      if (draft?.part !== 'people' || opened === null) return;
      const { pin, pinAgain, ownPin } = draft.texts;
      if (pin + pinAgain + ownPin === '') return;
      renew();
      setState({ draft: carryOver(withoutPins(draft), opened, opened) });
    },
    settleKept: kept.settle,
    forget: kept.forget,
  };
}
export type ChainForm = ReturnType<typeof createForm>;
