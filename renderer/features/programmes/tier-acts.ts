import type { CoreClient } from '../../../electron/contract/index.ts';
import type { Tier } from '../../../sync/model/chain.ts';
import { failureOf } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { parseCount, parseMoney } from '../../lib/parse.ts';
import { moneyText } from './draft.ts';
import type { Api } from './programmes-store.ts';

const TIER_TEXTS = [
  ...(['tierId', 'name', 'nameZh', 'rank', 'threshold', 'withinMonths'] as const),
  ...(['benefits', 'benefitsZh', 'validMonths', 'renewal'] as const),
] as const;
export type TierText = (typeof TIER_TEXTS)[number];

export interface TierDraft {
  /** 0 for a new one. */
  readonly baseVersion: number;
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

export function toTierDraft(tier: Tier | undefined, decimals: number): TierDraft {
  const money = (minor: number): string => (minor === 0 ? '' : moneyText(minor, decimals));
  return {
    baseVersion: tier?.version ?? 0,
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
    },
    isRetired: tier?.isRetired ?? false,
    problems: {},
  };
}

/** The tier that the form says, or which of its fields are not fit. */
export function readTier(draft: TierDraft, decimals: number): Tier | { problems: TierDraft['problems'] } {
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
  const tier: Tier = {
    tierId,
    version: draft.baseVersion + 1,
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
  if (tier.withinMonths < 1) problems.withinMonths = true;
  return Object.keys(problems).length > 0 ? { problems } : tier;
}

interface Around {
  read: () => Promise<void>;
  decimals: () => number;
}

export function createTierActs(core: CoreClient, { getState, setState }: Api, around: Around): TierActs {
  return {
    chooseTier: (tierId) => {
      const tier = getState().tiers.find((each) => each.tierId === tierId);
      setState({
        tierDraft: toTierDraft(tier, around.decimals()),
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
      const tier = readTier(tierDraft, around.decimals());
      if ('problems' in tier) return setState({ tierDraft: { ...tierDraft, problems: tier.problems } });
      setState({ deed: { status: 'busy' } });
      try {
        const { opId, baseVersion } = tierDraft;
        await core['documents.save']({ opId, kind: 'tier', id: tier.tierId, baseVersion, body: tier });
        await around.read();
        getState().chooseTier(tier.tierId);
        setState({ deed: { status: 'saved', name: tier.name, validFrom: '' } });
      } catch (cause) {
        setState({ deed: { status: 'failed', failure: failureOf(cause) } });
      }
    },
  };
}
