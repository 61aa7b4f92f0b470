import type { CentreClient } from './centre-client.ts';
import type { ClockGuard } from './clock-guard.ts';

/** The same centre, of whose answers the till's clock learns. */
export const timed = (centre: CentreClient, clock: ClockGuard): CentreClient => ({
  ...centre,
  exchange: async (request) => {
    const sentMs = clock.monotonicMs();
    const reply = await centre.exchange(request);
    const { serverTimeMs, hiTseq } = reply;
    clock.hear({ serverTimeMs, hiTseq, sentMs, gotMs: clock.monotonicMs() });
    return reply;
  },
});
