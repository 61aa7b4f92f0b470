import type { CoreClient } from '../../../electron/contract/index.ts';
import { Tier } from '../../../sync/model/chain.ts';
import { isRealDay } from '../../../sync/base/business-day.ts';
import { nextTier } from '../../../sync/programmes/tiers.ts';
import { failureOf } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { moneyText, parseCount, parseMoney } from '../../lib/parse.ts';
import type { Api } from './programmes-store.ts';

const TIER_TEXTS = [
  ...(['tierId', 'name', 'nameZh', 'rank', 'threshold', 'withinMonths'] as const),
  ...(['benefits', 'benefitsZh', 'validMonths', 'renewal', 'validFrom'] as const),
] as const;
export type TierText = (typeof TIER_TEXTS)[number];

export interface TierDraft {
  /** As it is saved; undefined for a new one. */
  readonly known: Tier | undefined;
  readonly opId: ReturnType<typeof newOpId>;
  readonly texts: Readonly<Record<TierText, string>>;
  readonly isRetired: boolean;
  readonly problems: Partial<Record<TierText, true>>;
}

export interface TierState {
  readonly tiers: readonly Tier[];
  readonly tierDraft: TierDraft | null;
}

export interface TierActs {
  chooseTier(tierId: string | null): void;
  editTier(change: Partial<Record<TierText, string>> | { isRetired: boolean }): void;
  saveTier(): Promise<void>;
}

const orEmpty = (value: number): string => (value === 0 ? '' : String(value));

/** The form of a version, or of a new tier. A version that is planned keeps its day. */
export function toTierDraft(tier: Tier | undefined, decimals: number, today: string): TierDraft {
  const money = (minor: number): string => (minor === 0 ? '' : moneyText(minor, decimals));
  return {
    known: tier,
    opId: newOpId(),
    texts: {
      tierId: tier?.tierId ?? '',
      name: tier?.name ?? '',
      nameZh: tier?.nameZh ?? '',
      rank: orEmpty(tier?.rank ?? 0),
      threshold: money(tier?.thresholdMinor ?? 0),
      withinMonths: String(tier?.withinMonths ?? 12),
      benefits: tier?.benefits ?? '',
      benefitsZh: tier?.benefitsZh ?? '',
      validMonths: orEmpty(tier?.validMonths ?? 12),
      renewal: money(tier?.renewalMinor ?? 0),
      validFrom: tier !== undefined && tier.validFrom > today ? tier.validFrom : today,
    },
    isRetired: tier?.isRetired ?? false,
    problems: {},
  };
}

interface Scene {
  decimals: number;
  today: string;
}

/** The tier that the form says, as one version further, or which of its fields are not fit. */
export function readTier(
  draft: TierDraft,
  { decimals, today }: Scene,
): Tier | { problems: TierDraft['problems'] } {
  const problems: Partial<Record<TierText, true>> = {};
  const { texts } = draft;
  const number = (field: TierText, read: (text: string) => number | null): number => {
    const text = texts[field].trim();
    const value = text === '' || text === '0' ? 0 : read(text);
    if (value === null) problems[field] = true;
    return value ?? 0;
  };
  const money = (text: string): number | null => parseMoney(text, decimals);
  const name = texts.name.trim();
  if (name === '') problems.name = true;
  const tierId = texts.tierId.trim() === '' ? name.slice(0, 40) : texts.tierId.trim();
  const validFrom = texts.validFrom;
  if (!isRealDay(validFrom) || validFrom < today) problems.validFrom = true;
  const rules = {
    version: 1,
    validFrom,
    name,
    nameZh: texts.nameZh.trim(),
    rank: number('rank', (text) => parseCount(text, 99)),
    thresholdMinor: number('threshold', money),
    withinMonths: number('withinMonths', (text) => parseCount(text, 60)),
    benefits: texts.benefits.trim(),
    benefitsZh: texts.benefitsZh.trim(),
    validMonths: number('validMonths', (text) => parseCount(text, 120)),
    renewalMinor: number('renewal', money),
    isRetired: draft.isRetired,
  };
  if (rules.withinMonths < 1) problems.withinMonths = true;
  if (Object.keys(problems).length > 0) return { problems };
  return draft.known === undefined ? Tier.parse({ tierId, ...rules }) : nextTier(draft.known, rules);
}

interface Around {
  read: () => Promise<void>;
  scene: () => Scene;
}

export function createTierActs(core: CoreClient, { getState, setState }: Api, around: Around): TierActs {
  return {
    chooseTier: (tierId) => {
      const tier = getState().tiers.find((each) => each.tierId === tierId);
      setState({
        tierDraft: toTierDraft(tier, around.scene().decimals, around.scene().today),
        chosen: null,
        draft: null,
        opened: null,
        deed: { status: 'idle' },
      });
    },
    editTier: (change) =>
      setState(({ tierDraft }) => {
        if (tierDraft === null) return {};
        const next =
          'isRetired' in change
            ? { ...tierDraft, isRetired: change.isRetired === true }
            : { ...tierDraft, texts: { ...tierDraft.texts, ...change } };
        return { tierDraft: next, deed: { status: 'idle' } };
      }),
    saveTier: async () => {
      const { tierDraft, deed } = getState();
      if (tierDraft === null || deed.status === 'busy') return;
      const tier = readTier(tierDraft, around.scene());
      if ('problems' in tier) return setState({ tierDraft: { ...tierDraft, problems: tier.problems } });
      setState({ deed: { status: 'busy' } });
      try {
        const { opId, known } = tierDraft;
        const baseVersion = known?.version ?? 0;
        await core['documents.save']({ opId, kind: 'tier', id: tier.tierId, baseVersion, body: tier });
        await around.read();
        // Whoever went on to something else stays there.
        if (getState().tierDraft?.opId !== opId) return;
        getState().chooseTier(tier.tierId);
        setState({ deed: { status: 'saved', name: tier.name, validFrom: tier.validFrom } });
      } catch (cause) {
        if (getState().tierDraft?.opId !== tierDraft.opId) return;
        setState({ deed: { status: 'failed', failure: failureOf(cause) } });
      }
    },
  };
}
