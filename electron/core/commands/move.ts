import type { CardId, OpId } from '../../../sync/base/ids.ts';
import type { OpBody } from '../../../sync/model/op.ts';
import type { MovingBody } from '../../../sync/merge/entries.ts';
import type { ActionReply, CardAction } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import { actor, getCardFor, onCard, replyTo, type CardInHand } from './shared.ts';

type Own<Body> = Body extends OpBody
  ? Omit<Body, 'memberId' | 'cardId' | 'accountId' | 'cardTypeVersion'>
  : never;

export interface Move {
  opId: OpId;
  cardId: CardId;
  action: CardAction;
  kind: MovingBody['kind'];
  /** What the caller asked for, in the body's own names. */
  asked: Readonly<Record<string, unknown>>;
  /** Checks what is special to the kind and says what to book. */
  toBody: (inHand: CardInHand) => Own<MovingBody>;
}

/** One movement of one card: the shape that stamps, points, visits, credit and rewards share. */
export function move(ctx: Ctx, { opId, cardId, action, kind, asked, toBody }: Move): ActionReply {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind,
    asked: { cardId, ...asked },
    make: () => {
      const inHand = getCardFor(ctx, cardId, action);
      return { body: { ...toBody(inHand), ...onCard(inHand) } as OpBody };
    },
  });
  return replyTo(ctx, stored, cardId);
}
