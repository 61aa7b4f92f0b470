import { newId, StoreId } from '../../../sync/base/ids.ts';
import { PROTOCOL_VERSION, type EnrolReply } from '../../../sync/protocol/exchange.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import { createCentreClient } from '../centre-client.ts';
import { newSigningKey, signingPublicKey } from '../crypto.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { toSetUpError } from '../enrol-code.ts';
import type { Enrolment } from '../till-settings.ts';

/** A fresh core begins only after this answer has left. */
const RESTART_AFTER_MS = 250;

/** `former`: what this till was until the centre stopped it; null for a new one. */
async function askEnrolment(
  { serverUrl, code, tillName }: Input<'till.enrol'>,
  { screen, former, secretKey }: { screen: Ctx['screen']; former: Enrolment | null; secretKey: string },
): Promise<Enrolment & Pick<EnrolReply, 'cardBlock'>> {
  try {
    const client = createCentreClient({ serverUrl, secretKey: former === null ? null : secretKey });
    const { epoch: _epoch, ...reply } = await client.enrol({
      protocol: PROTOCOL_VERSION,
      code: code.toUpperCase(),
      tillName: tillName === '' ? `Till ${newId().slice(-4)}` : tillName,
      signKey: signingPublicKey(secretKey),
      renews: former === null ? null : { tillId: former.tillId, incarnation: former.incarnation },
      ...(screen === 'office' ? { kind: 'office' as const } : {}),
    });
    return { ...reply, storeId: StoreId.parse(reply.storeId), serverUrl, secretKey };
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

/**
 * A till that the centre stopped comes back under its next incarnation. Its own file is set aside at the next
 * start, and what it holds un-acked is sent from there.
 */
const renew: Handler<'till.enrol'> = async (ctx, input) => {
  const former = ctx.settings.enrolment();
  if (former === null || ctx.settings.stoppedBy() === null || ctx.settings.renewal() !== null) {
    throw alreadyEnrolled();
  }
  const { cardBlock, ...enrolment } = await askEnrolment(input, {
    ...ctx,
    former,
    secretKey: former.secretKey,
  });
  ctx.settings.setRenewal({ enrolment: { ...enrolment, tillName: former.tillName }, cardBlock });
  setTimeout(ctx.onRenewed, RESTART_AFTER_MS).unref();
  const { tillId, storeId } = enrolment;
  return { tillId, storeId, members: ctx.replica().counts().members };
};

/** Makes this a till of the chain: identity, card-number block, then the first copy of the members. */
export const enrolTill: Handler<'till.enrol'> = async (ctx, input) => {
  if (ctx.settings.enrolment() !== null) return renew(ctx, input);
  const { cardBlock, ...enrolment } = await askEnrolment(input, {
    ...ctx,
    former: null,
    secretKey: newSigningKey().secretKey,
  });
  ctx.till.transaction(() => {
    // Somebody else was quicker while the centre was asked: ops may carry that name already.
    if (ctx.settings.enrolment() !== null) throw alreadyEnrolled();
    ctx.settings.setEnrolment(enrolment);
    ctx.till.stock.addBlock(cardBlock);
  });
  ctx.publish('till.changed', {});
  await fillCopy(ctx);
  ctx.publish('till.changed', {});
  const { tillId, storeId } = enrolment;
  return { tillId, storeId, members: ctx.replica().counts().members };
};
