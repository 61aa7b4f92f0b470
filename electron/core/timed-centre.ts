import type { TillDb } from '../../db/till/types.ts';
import { CentreFault, type CentreClient } from './centre-client.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { TillSettings } from './till-settings.ts';

interface Parts {
  till: TillDb;
  settings: TillSettings;
  clock: ClockGuard;
}

/**
 * Numbers of own ops are of one epoch, which is noted before the first of them. Another one in an answer: the copy
 * began anew and `till.db` did not, because its disk had lied about that moment. The same is done again then.
 */
function holdToEpoch({ till, settings }: Pick<Parts, 'till' | 'settings'>, epoch: string): void {
  const known = settings.ackEpoch();
  if (known === epoch) return;
  if (known !== null && till.ops.ackedTseq() > 0) {
    const what = { kind: 'refused', code: 'epoch_changed' } as const;
    throw new CentreFault(what, 'The centre counts anew; everything saved here is sent again.');
  }
  settings.setAckEpoch(epoch);
}

/**
 * The same centre, of whose answers the till's clock learns, and each of which fits the numbers that it holds. One that
 * waited for others says little about the time.
 */
export function timed(centre: CentreClient, parts: Parts): CentreClient {
  const { clock } = parts;
  let onTheWay = 0;
  const exchange: CentreClient['exchange'] = async (request) => {
    const isAlone = onTheWay === 0;
    onTheWay += 1;
    try {
      const sentMs = clock.monotonicMs();
      const reply = await centre.exchange(request);
      const { serverTimeMs, hiTseq } = reply;
      if (isAlone) clock.hear({ serverTimeMs, hiTseq, sentMs, gotMs: clock.monotonicMs() });
      holdToEpoch(parts, reply.epoch);
      return reply;
    } finally {
      onTheWay -= 1;
    }
  };
  return { ...centre, exchange };
}
