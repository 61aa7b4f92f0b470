import { PROTOCOLS, type ExchangeReply, type ExchangeRequest } from '../../sync/protocol/exchange.ts';
import { clampTo, highestCommon, type VersionRange } from '../../sync/protocol/versions.ts';
import { CentreFault, type CentreClient } from './centre-client.ts';
import type { TillSettings } from './till-settings.ts';

interface Parts {
  settings: TillSettings;
  centre: Pick<CentreClient, 'exchange'>;
  /** What this till understands; a test pretends another range. */
  protocols?: VersionRange;
}

/** The version in which the centre was last heard, or the newest that this till knows. */
export const spokenBy = (settings: Pick<TillSettings, 'protocol'>, own: VersionRange = PROTOCOLS): number =>
  clampTo(own, settings.protocol() ?? own.newest);

/**
 * Sends a request in the version that both understood last, and says which ones the till knows. Where the centre does
 * not read that one and there is another that both know, it is sent once more, in that. What the centre agreed on is
 * kept for the next.
 *
 * @throws CentreFault `protocol_unsupported` when they have no version in common: the outbox waits for an update.
 */
export async function speak(
  { settings, centre, protocols: own = PROTOCOLS }: Parts,
  request: ExchangeRequest,
): Promise<ExchangeReply> {
  const send = (protocol: number): Promise<ExchangeReply> => {
    const isAll = own.oldest === protocol && own.newest === protocol;
    const stated = { ...request, protocol };
    return centre.exchange(isAll ? stated : { ...stated, protocols: [own.oldest, own.newest] });
  };
  const spoken = spokenBy(settings, own);
  const reply = await send(spoken).catch((cause: unknown) => {
    const told = cause instanceof CentreFault ? cause.protocols : null;
    const common = told === null ? null : highestCommon(own, told);
    if (common === null || common === spoken) throw cause;
    return send(common);
  });
  const agreed = clampTo(own, reply.protocol);
  if (agreed !== spoken) settings.setProtocol(agreed);
  return reply;
}
