import { newId, StoreId } from '../../../sync/base/ids.ts';
import { PROTOCOL_VERSION, type EnrolReply } from '../../../sync/protocol/exchange.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import { createCentreClient } from '../centre-client.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { toSetUpError } from '../enrol-code.ts';

async function askEnrolment({ serverUrl, code, tillName }: Input<'till.enrol'>): Promise<EnrolReply> {
  try {
    return await createCentreClient({ serverUrl }).enrol({
      protocol: PROTOCOL_VERSION,
      code: code.toUpperCase(),
      tillName: tillName === '' ? `Till ${newId().slice(-4)}` : tillName,
    });
  } catch (cause) {
    throw toSetUpError(cause);
  }
}

/** The first copy. The till is one of the chain's already: a cut line only makes the members come later. */
async function fillCopy(ctx: Ctx): Promise<void> {
  try {
    await ctx.sync.run();
  } catch (cause) {
    ctx.log.warn({ err: cause }, 'enrolled; the first copy of the members is still to come');
  }
}

const alreadyEnrolled = (): AppError =>
  new AppError(
    'already_enrolled',
    'This folder already belongs to a till. Use another folder for another till.',
  );

/** Makes this a till of the chain: identity, card-number block, then the first copy of the members. */
export const enrolTill: Handler<'till.enrol'> = async (ctx, input) => {
  if (ctx.settings.enrolment() !== null) throw alreadyEnrolled();
  const { tillId, incarnation, token, tillName, chain, cardBlock, ...reply } = await askEnrolment(input);
  const storeId = StoreId.parse(reply.storeId);
  ctx.till.transaction(() => {
    // Somebody else was quicker while the centre was asked: ops may carry that name already.
    if (ctx.settings.enrolment() !== null) throw alreadyEnrolled();
    const { serverUrl } = input;
    ctx.settings.setEnrolment({ tillId, incarnation, token, storeId, tillName, serverUrl, chain });
    ctx.till.stock.addBlock(cardBlock);
  });
  ctx.publish('till.changed', {});
  await fillCopy(ctx);
  ctx.publish('till.changed', {});
  return { tillId, storeId, members: ctx.replica().counts().members };
};
