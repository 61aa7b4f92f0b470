import { must } from '../../../sync/base/must.ts';
import type { ActionReply, CardView, MemberHit, MemberView } from '../../contract/views.ts';
import type { Outcome } from './command.ts';

/** A card as scripts read it. Names are part of the outer surface: add, never rename. */
const toCard = (card: CardView) => ({
  cardId: card.cardId,
  number: card.cardNumber,
  cardTypeId: card.cardTypeId,
  cardType: card.cardType,
  kind: card.kind,
  status: card.status,
  expiresOn: card.expiresOn,
  isPending: card.isPending,
  balance: {
    confirmed: card.balance.confirmed,
    pending: card.balance.pending,
    unit: card.balance.unit,
    asOfMs: card.balance.asOfMs,
  },
});

export const toHit = (hit: MemberHit) => ({
  memberId: hit.memberId,
  name: hit.name,
  state: hit.state,
  lookupId: hit.lookupId,
  maskedMobile: hit.maskedMobile,
  tier: hit.tier,
  isPending: hit.isPending,
  cards: hit.cards.map(toCard),
});

const toMember = (member: MemberView) => ({
  memberId: member.memberId,
  supportId: member.supportId,
  name: member.name,
  state: member.state,
  stateReason: member.stateReason,
  fields: member.fields,
  masked: member.masked,
  hasMarketingConsent: member.hasMarketingConsent,
  isPending: member.isPending,
  cards: member.cards.map(toCard),
});

const sign = (units: number): string => (units < 0 ? `- ${-units}` : `+ ${units}`);

function cardLine(card: CardView): string {
  const { confirmed, pending, unit } = card.balance;
  const balance = card.kind === 'discount' ? '' : `, ${confirmed} sure ${sign(pending)} pending ${unit}`;
  return `${card.cardNumber}  ${card.cardType} (${card.status})${balance}`;
}

export const memberText = (member: MemberHit | MemberView): string =>
  [
    `${member.name}  ${member.state}  ${member.memberId}`,
    ...member.cards.map((card) => `  ${cardLine(card)}`),
  ].join('\n');

/** Answer of a command on a card: the card itself, whose it is, and the op that now exists. */
export function cardOutcome({ opId, cardId, member }: ActionReply): Outcome {
  const card = must(
    member.cards.find((each) => each.cardId === cardId),
    'the reply names a card of its member',
  );
  return {
    data: { ...toCard(card), memberId: member.memberId, opId },
    text: `${cardLine(card)}\nop ${opId}`,
  };
}

export const memberOutcome = ({ opId, member }: ActionReply): Outcome => ({
  data: { ...toMember(member), opId },
  text: `${memberText(member)}\nop ${opId}`,
});
