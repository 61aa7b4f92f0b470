import type { StoredOp } from '../../../db/till/types.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import type { ConsentRow } from '../../../sync/model/consent.ts';
import type { ConsentView } from '../../contract/records.ts';
import { CentreFault } from '../centre-client.ts';
import { getLaid } from '../commands/shared.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { centreOf } from '../inbox/desk.ts';

type Word = Pick<
  ConsentRow,
  'opId' | 'isGranted' | 'policyVersion' | 'channel' | 'wallMs' | 'actorId' | 'storeId' | 'tillId'
>;

/** What an op of this till said about marketing; a new member says it with the form. */
function wordOf({ op }: StoredOp): Word[] {
  const { body, opId, wallMs, actorId, storeId, tillId } = op;
  const where = { opId, wallMs, actorId, storeId, tillId };
  if (body.kind === 'consent.recorded') {
    const { isGranted, policyVersion, channel } = body;
    return [{ ...where, isGranted, policyVersion, channel }];
  }
  if (body.kind !== 'member.created') return [];
  const { hasMarketingConsent: isGranted, pdpaPolicy: policyVersion } = body;
  return [{ ...where, isGranted, policyVersion, channel: 'enrolment' }];
}

/** Every word of this till about the member, whether the centre has it or not. */
const ownWords = ({ till }: Ctx, memberId: MemberId): Word[] =>
  till.ops.listOpen(memberId, 0).flatMap(wordOf);

function toView({ directory, settings }: Ctx, word: Word): ConsentView {
  const { opId, isGranted, policyVersion, channel, wallMs, actorId, storeId, tillId } = word;
  return {
    ...{ opId, isGranted, policyVersion, channel, wallMs },
    actorName: directory.staff(actorId)?.name ?? '',
    storeName: directory.store(storeId)?.name ?? '',
    isOwnTill: tillId === settings.enrolment()?.tillId,
  };
}

/** Null without an answer. */
async function centreWords(ctx: Ctx, memberIds: readonly MemberId[]): Promise<Word[] | null> {
  const centre = centreOf(ctx);
  if (centre === null) return null;
  try {
    const replies = await Promise.all(memberIds.map((memberId) => centre.consents(memberId)));
    return replies.flatMap(({ consents }) => consents);
  } catch (cause) {
    if (!(cause instanceof CentreFault)) throw cause;
    ctx.log.debug({ code: cause.code }, 'the ledger of consents could not be asked');
    return null;
  }
}

/** Of everybody who is this person: whoever withdrew as one of two profiles said it for both. */
export const listConsents: Handler<'consents.list'> = async (ctx, { memberId }) => {
  const memberIds = getLaid(ctx, memberId).people.map((each) => each.memberId);
  const own = memberIds.flatMap((each) => ownWords(ctx, each));
  const asked = await centreWords(ctx, memberIds);
  // The centre's word about an own op stands for it.
  const all = [...new Map([...own, ...(asked ?? [])].map((word) => [word.opId, word])).values()];
  return {
    from: asked === null ? 'till' : 'centre',
    words: all.sort((left, right) => right.wallMs - left.wallMs).map((word) => toView(ctx, word)),
  };
};
