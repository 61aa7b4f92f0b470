import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { ExpiryResult, Trial } from '../../../electron/contract/programmes.ts';
import type { CardType, CardKind, CardRules } from '../../../sync/model/chain.ts';
import { nextVersion, rulesIn } from '../../../sync/programmes/card-rules.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { blankType, readDraft, toDraft, type Draft, type Problems } from './draft.ts';
import { createReader } from './programmes-reader.ts';
import { createTierActs, type TierActs, type TierState } from './tier-acts.ts';

export type Deed =
  | { readonly status: 'idle' | 'busy' }
  | { readonly status: 'saved'; readonly name: string; readonly validFrom: string }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface ProgrammesState extends TierState, TierActs {
  readonly types: readonly CardType[];
  /** The card type in front: its newest version, or one that is not saved yet (version 0). */
  readonly chosen: CardType | null;
  readonly draft: Draft | null;
  /** The form as it was opened. */
  readonly opened: Draft | null;
  readonly problems: Problems;
  readonly deed: Deed;
  readonly trial: Trial | null;
  readonly trialDay: string;
  readonly expiry: ExpiryResult | null;
  /** Names the save that is under way, so that a second press is the same. */
  readonly saveId: ReturnType<typeof newOpId>;
  open(scene: Scene): Promise<void>;
  refresh(): Promise<void>;
  choose(cardTypeId: string): void;
  create(kind: CardKind): void;
  edit(change: Partial<Draft>): void;
  save(): Promise<void>;
  typeTrialDay(day: string): void;
  tryOn(): Promise<void>;
  runExpiry(isDryRun: boolean): Promise<void>;
  leave(): void;
}

export interface Scene {
  readonly decimals: number;
  readonly today: string;
}

const IDLE: Deed = { status: 'idle' };
export const EMPTY = {
  types: [],
  tiers: [],
  tierDraft: null,
  chosen: null,
  draft: null,
  opened: null,
  problems: {},
  deed: IDLE,
  trial: null,
  trialDay: '',
  expiry: null,
} as const;

export type Api = Pick<StoreApi<ProgrammesState>, 'getState' | 'setState'>;

/** The day from which an edit counts unless somebody says otherwise: a version that is planned keeps its day. */
const firstDay = (type: CardType, today: string): string => (type.validFrom > today ? type.validFrom : today);

/** What is in front as one version further; a first version has nothing before it. */
function toDocument(chosen: CardType, rules: CardRules): CardType {
  return chosen.version === 0
    ? { cardTypeId: chosen.cardTypeId, kind: chosen.kind, ...rules, version: 1, earlier: [] }
    : nextVersion(chosen, rules);
}

interface Around {
  read: () => Promise<void>;
  scene: () => Scene;
}

type RuleActs = Pick<ProgrammesState, 'choose' | 'create' | 'edit' | 'save' | 'tryOn'>;

/** The form of one card type: shown, changed, tried, saved as the next version. */
function createRuleActs(core: CoreClient, { getState, setState }: Api, { read, scene }: Around): RuleActs {
  const show = (chosen: CardType): void => {
    const draft = toDraft(rulesIn(chosen), scene().decimals, firstDay(chosen, scene().today));
    setState({
      ...{ chosen, draft, opened: draft, problems: {}, deed: IDLE },
      ...{ trial: null, tierDraft: null, saveId: newOpId() },
    });
  };
  /** The rules in the form, or null with its problems shown. */
  const readForm = (): CardRules | null => {
    const { chosen, draft } = getState();
    if (chosen === null || draft === null) return null;
    const result = readDraft(draft, { ...scene(), kind: chosen.kind, version: chosen.version + 1 });
    setState({ problems: 'problems' in result ? result.problems : {} });
    return 'rules' in result ? result.rules : null;
  };
  const failed = (cause: unknown): void =>
    setState({ deed: { status: 'failed', failure: failureOf(cause) } });
  /** A trial is of the form as it was when it was asked for. */
  let trials = 0;
  return {
    choose: (cardTypeId) => {
      const type = getState().types.find((each) => each.cardTypeId === cardTypeId);
      if (type !== undefined) show(type);
    },
    // Cast: a card type's id is any text of its own.
    create: (kind) => show(blankType(kind, newOpId() as string as CardType['cardTypeId'], scene().today)),
    edit: (change) =>
      setState(({ draft }) => ({
        draft: draft === null ? null : { ...draft, ...change },
        deed: IDLE,
        trial: null,
        // Another content is another intent.
        saveId: newOpId(),
      })),
    save: async () => {
      const { chosen, saveId, deed } = getState();
      const rules = deed.status === 'busy' ? null : readForm();
      if (chosen === null || rules === null) return;
      setState({ deed: { status: 'busy' } });
      try {
        const body = toDocument(chosen, rules);
        const { cardTypeId: id, version: baseVersion } = chosen;
        await core['documents.save']({ opId: saveId, kind: 'card-type', id, baseVersion, body });
        await read();
        // Whoever went on to another programme stays there.
        if (getState().chosen?.cardTypeId !== id) return;
        getState().choose(id);
        setState({ deed: { status: 'saved', name: body.name, validFrom: body.validFrom } });
      } catch (cause) {
        // What another one in front has to do with it, she would not know.
        if (getState().chosen?.cardTypeId === chosen.cardTypeId) failed(cause);
        else setState({ deed: { status: 'idle' } });
      }
    },
    tryOn: async () => {
      const { chosen, trialDay, draft } = getState();
      const rules = readForm();
      if (chosen === null || rules === null) return;
      trials += 1;
      const mine = trials;
      const isStale = (): boolean => {
        const now = getState();
        return mine !== trials || now.draft !== draft || now.trialDay !== trialDay;
      };
      try {
        const day = trialDay === '' ? null : trialDay;
        const trial = await core['programmes.tryOn']({ cardTypeId: chosen.cardTypeId, rules, day });
        if (!isStale()) setState({ trial, deed: IDLE });
      } catch (cause) {
        if (!isStale()) failed(cause);
      }
    },
  };
}

/** A manager's programmes: card types, tiers, what their rules would do, and what ends. */
export const createProgrammesStore = (core: CoreClient) =>
  createStore<ProgrammesState>()((set, _get, api) => {
    let scene: Scene = { decimals: 2, today: '' };
    const read = createReader(core, api);
    return {
      ...EMPTY,
      saveId: newOpId(),
      ...createTierActs(core, api, { read, scene: () => scene }),
      ...createRuleActs(core, api, { read, scene: () => scene }),
      open: async (now) => {
        scene = now;
        await read();
      },
      refresh: read,
      typeTrialDay: (trialDay) => set({ trialDay, trial: null }),
      runExpiry: async (isDryRun) => {
        set({ deed: { status: 'busy' } });
        try {
          const expiry = await core['expiry.run']({ day: scene.today, isDryRun });
          set({ expiry, deed: IDLE });
        } catch (cause) {
          set({ deed: { status: 'failed', failure: failureOf(cause) } });
        }
      },
      leave: () => set({ ...EMPTY }),
    };
  });
export type ProgrammesStore = ReturnType<typeof createProgrammesStore>;
