import type { OpKind } from '../../sync/model/op.ts';
import type { Words } from './words.ts';

/** Each kind of op has words; a new one does not compile without. */
const KINDS: Readonly<Record<OpKind, true>> = {
  'member.created': true,
  'member.changed': true,
  'member.state': true,
  'member.extras': true,
  'member.removed': true,
  'tier.earned': true,
  'document.saved': true,
  'message.requested': true,
  'export.made': true,
  'purchase.edited': true,
  'points.expired': true,
  'balance.forfeited': true,
  'credit.paidOut': true,
  'member.merged': true,
  'member.unmerged': true,
  'consent.recorded': true,
  'card.issued': true,
  'card.replaced': true,
  'card.status': true,
  'stamp.added': true,
  'points.credited': true,
  'points.debited': true,
  'visit.deducted': true,
  'visits.added': true,
  'credit.toppedUp': true,
  'credit.earned': true,
  'credit.spent': true,
  'reward.redeemed': true,
  'entry.corrected': true,
};
// Cast: its keys are just these.
export const OP_KINDS = Object.keys(KINDS) as OpKind[];
const isKnown = (kind: string): kind is OpKind => Object.hasOwn(KINDS, kind);

/** What an op is called; one of a later program as the centre calls it. */
export const opName = ({ t }: Pick<Words, 't'>, kind: string): string =>
  isKnown(kind) ? t(`close.kind.${kind}`) : kind;
