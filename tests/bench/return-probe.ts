import { setTimeout as sleep } from 'node:timers/promises';
import { CentreFault, createCentreClient } from '../../electron/core/centre-client.ts';
import { PROTOCOL_VERSION } from '../../sync/protocol/exchange.ts';
import { cardNumberOf, mobileOf } from './members.ts';
import { shuffled } from './random.ts';
import type { Returning } from './return-load.ts';
import type { SyncSite } from './sync-site.ts';

/** One every so often, from cashiers all over the chain. */
const EVERY_MS = 100;

export interface Probe {
  /** Ends it. @returns milliseconds from the question to its answer, waits after a refusal included */
  end(): Promise<{ ms: number[]; refused: number }>;
}

/** Cashiers at tills that are online look somebody up whom their copy does not hold. */
export function startProbe(site: SyncSite, online: readonly Returning[]): Probe {
  const tills = online.map(({ enrolled: { tillId, incarnation }, token, secretKey }) => {
    const client = createCentreClient({ serverUrl: site.url, token, secretKey });
    return { client, tillId, incarnation };
  });
  const ms: number[] = [];
  let [refused, isOver] = [0, false];
  let failure: unknown;
  const ask = async (at: number): Promise<void> => {
    const startMs = performance.now();
    const till = tills[at % tills.length];
    const whom = shuffled(at, site.members);
    const { code, national } = mobileOf(whom);
    const byCard = { cardNumber: cardNumberOf(whom), phone: null };
    const byPhone = { cardNumber: null, phone: `+${code}${national}` };
    const keys = { ...(at % 2 === 0 ? byCard : byPhone), email: null, lookupId: null };
    for (let isAnswered = false; till !== undefined && !isAnswered;) {
      try {
        const { client, tillId, incarnation } = till;
        const asked = { protocol: PROTOCOL_VERSION, tillId, incarnation, cursor: 0, keys };
        const { found } = await client.find(asked);
        if (found.length !== 1) throw new Error(`${found.length} members have the key of one`);
        isAnswered = true;
      } catch (cause) {
        if (!(cause instanceof CentreFault) || cause.kind === 'refused' || cause.kind === 'nonsense')
          throw cause;
        refused += 1;
        await sleep(cause.retryAfterMs ?? EVERY_MS);
      }
    }
    ms.push(performance.now() - startMs);
  };
  const run = async (): Promise<void> => {
    const underWay: Promise<void>[] = [];
    for (let at = 0; !isOver; at += 1) {
      underWay.push(ask(at).catch((cause: unknown) => void (failure ??= cause)));
      await sleep(EVERY_MS);
    }
    await Promise.all(underWay);
  };
  const running = run();
  return {
    end: async () => {
      isOver = true;
      await running;
      if (failure !== undefined) throw new Error('a look-up failed', { cause: failure });
      return { ms, refused };
    },
  };
}
