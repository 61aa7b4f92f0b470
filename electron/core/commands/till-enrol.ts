import { newId } from '../../../sync/base/ids.ts';
import { PROTOCOL_VERSION } from '../../../sync/protocol/exchange.ts';
import { StoreId } from '../../../sync/base/ids.ts';
import { AppError } from '../../contract/errors.ts';
import { CentreFault, createCentreClient } from '../centre-client.ts';
import type { Handler } from '../ctx.ts';

/** Turns a fault of the centre into words for the person who sets a till up. */
function toAppError(cause: unknown): unknown {
  if (!(cause instanceof CentreFault)) return cause;
  if (cause.kind === 'refused') return new AppError('centre_refused', cause.message, { cause });
  return new AppError(
    'centre_unreachable',
    `${cause.message} Nothing was changed; check the address and the line, then try again.`,
    { cause },
  );
}

/** Makes this a till of the chain: identity, card-number block, then the first copy of the members. */
export const enrolTill: Handler<'till.enrol'> = async (ctx, { serverUrl, code, tillName }) => {
  if (ctx.settings.enrolment() !== null) {
    throw new AppError(
      'already_enrolled',
      'This folder already belongs to a till. Use another folder for another till.',
    );
  }
  try {
    const {
      cardBlock,
      incarnation,
      tillId,
      token,
      storeId,
      chain,
      tillName: name,
    } = await createCentreClient(serverUrl, null).enrol({
      protocol: PROTOCOL_VERSION,
      code: code.toUpperCase(),
      tillName: tillName === '' ? `Till ${newId().slice(-4)}` : tillName,
    });
    ctx.till.transaction(() => {
      ctx.settings.setEnrolment({
        tillId,
        incarnation,
        token,
        storeId: StoreId.parse(storeId),
        tillName: name,
        serverUrl,
        chain,
      });
      ctx.till.stock.addBlock(cardBlock);
    });
    await ctx.sync.run();
  } catch (cause) {
    throw toAppError(cause);
  }
  const enrolled = ctx.settings.enrolment();
  ctx.publish('till.changed', {});
  return {
    tillId: enrolled?.tillId ?? '',
    storeId: enrolled?.storeId ?? '',
    members: ctx.replica().counts().members,
  };
};
