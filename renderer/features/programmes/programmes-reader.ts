import type { CoreClient } from '../../../electron/contract/index.ts';
import { CardType, Tier } from '../../../sync/model/chain.ts';
import { failureOf } from '../../lib/failure.ts';
import type { Api } from './programmes-store.ts';

/** Reads card types and tiers; only the latest reading counts. */
export function createReader(core: CoreClient, { getState, setState }: Api) {
  let latest = 0;
  return async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    try {
      const [types, tiers] = await Promise.all([
        core['documents.list']({ kind: 'card-type' }),
        core['documents.list']({ kind: 'tier' }),
      ]);
      if (mine !== latest) return;
      setState({
        types: types.map(({ body }) => CardType.parse(body)),
        tiers: tiers.map(({ body }) => Tier.parse(body)).sort((one, other) => other.rank - one.rank),
      });
    } catch (cause) {
      if (mine === latest) setState({ deed: { status: 'failed', failure: failureOf(cause) } });
    }
    const { chosen, tierDraft, types, choose } = getState();
    // Whoever is at a tier stays there.
    if (chosen === null && tierDraft === null && types[0] !== undefined) choose(types[0].cardTypeId);
  };
}
